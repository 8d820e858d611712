import Foundation

extension ApiError: LocalizedError {
    /// The stable snake_case code.
    public var code: String {
        switch self { case let .Refused(code, _, _, _, _): return code }
    }

    /// The input the error is about, if it is about one.
    public var field: String? {
        switch self { case let .Refused(_, field, _, _, _): return field }
    }

    /// What was refused, if it is one value: cut where it is long, masked where it is personal.
    public var value: String? {
        switch self { case let .Refused(_, _, value, _, _): return value }
    }

    /// What a person reads, in Russian.
    public var textRu: String {
        switch self { case let .Refused(_, _, _, textRu, _): return textRu }
    }

    /// The same in English.
    public var textEn: String {
        switch self { case let .Refused(_, _, _, _, textEn): return textEn }
    }

    /// The Russian text: people who keep a Russian diary read it.
    public var errorDescription: String? { textRu }
}
