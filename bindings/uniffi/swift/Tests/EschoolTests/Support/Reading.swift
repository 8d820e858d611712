import Eschool
import Foundation

// The vectors' JSON as what it tells of, field by field. What nobody reads is an error, so that nothing that
// the file says is left out.

/// What the file says and these tests cannot read.
struct Unread: Error {
    let what: String
}

/// An object of which every field is read.
final class Fields {
    private let json: [String: Any]
    private var asked: Set<String> = []

    fileprivate init(_ json: [String: Any]) {
        self.json = json
    }

    func maybe<T>(_ name: String, _ read: (Any) throws -> T) throws -> T? {
        asked.insert(name)
        guard let value = json[name], !(value is NSNull) else { return nil }
        return try read(value)
    }

    func one<T>(_ name: String, _ read: (Any) throws -> T) throws -> T {
        guard let value = try maybe(name, read) else { throw Unread(what: "no \(name) in \(json)") }
        return value
    }

    /// A list; the wire leaves out most that are empty.
    func list<T>(_ name: String, _ read: (Any) throws -> T) throws -> [T] {
        try maybe(name) { try Read.typed($0, [Any].self).map(read) } ?? []
    }

    fileprivate func end() throws {
        let left = Set(json.keys).subtracting(asked)
        guard left.isEmpty else { throw Unread(what: "nobody reads \(left.sorted())") }
    }
}

/// How each type of the vectors is read.
enum Read {
    /// Reads an object to its last field.
    static func whole<T>(_ json: Any, _ read: (Fields) throws -> T) throws -> T {
        let fields = Fields(try typed(json, [String: Any].self))
        let value = try read(fields)
        try fields.end()
        return value
    }

    static func typed<T>(_ json: Any, _: T.Type) throws -> T {
        guard let value = json as? T else { throw Unread(what: "\(json) is no \(T.self)") }
        return value
    }

    /// The one of these values that is written so.
    static func known<T>(_ values: [T]) -> (Any) throws -> T {
        { json in
            let text = try text(json)
            guard let value = values.first(where: { "\($0)" == text }) else {
                throw Unread(what: "nobody knows \(text) here")
            }
            return value
        }
    }

    static func text(_ json: Any) throws -> String { try typed(json, String.self) }
    static func date(_ json: Any) throws -> NaiveDate { try parseDate(text: text(json)) }
    static func born(_ json: Any) throws -> BirthDate { try BirthDate.parse(text(json)) }

    static func age(_ fields: Fields) throws -> AgeSpan {
        AgeSpan(years: try fields.one("years", small), months: try fields.one("months", small))
    }

    /// A value as text, with its fields in order.
    static func json(_ value: Any) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: value, options: .sortedKeys), as: UTF8.self)
    }

    static func at(_ json: Any) throws -> At {
        try whole(json) { At(instant: try $0.one("instant", instant), date: try $0.one("date", date)) }
    }

    static func attempt(_ json: Any) throws -> Attempt {
        try whole(json) { fields in
            let password = try fields.maybe("password") { json in
                try whole(json) { PasswordAttempt(login: try $0.one("login", text)) }
            }
            return try password.map(Attempt.password) ?? .esia(fields.one("esia", esiaPerson))
        }
    }

    static func facts(_ json: Any) throws -> Facts {
        try whole(json) {
            Facts(
                lockedUntil: try $0.maybe("lockedUntil", instant), password: try $0.maybe("password", check),
                candidates: try $0.list("candidates", candidate),
                phoneIsShared: try $0.one("phoneIsShared", truth),
                keptApart: try $0.list("keptApart") { json in
                    try whole(json) { KeptApart(one: try $0.one("one", id), other: try $0.one("other", id)) }
                },
                contacts: try $0.list("contacts", contacts))
        }
    }

    /// What the first step is to say, and the words of a refusal.
    static func admission(_ json: Any) throws -> (Admission, RefusalInWords?) {
        try whole(json) { fields in
            switch try fields.one("outcome", text) {
            case "admitted": return (.admitted(keys: try fields.one("keys", keys)), nil)
            case "refused":
                return (.refused(refusal: try fields.one("refusal", refusal)), try fields.one("words", words))
            case let outcome: throw Unread(what: "nobody knows the outcome \(outcome)")
            }
        }
    }

    /// What the second step is to say, and the words of a refusal.
    static func verdict(_ json: Any) throws -> (Verdict, RefusalInWords?) {
        try whole(json) { fields in
            switch try fields.one("outcome", text) {
            case "granted": return (.granted(grant: try fields.one("grant", grant)), nil)
            case "refused":
                return (.refused(refusal: try fields.one("refusal", refusal)), try fields.one("words", words))
            case let outcome: throw Unread(what: "nobody knows the outcome \(outcome)")
            }
        }
    }
}

// What those are made of.
extension Read {
    private static let duty = known([Duty.administrator, .registrar])
    private static let kinship = known([Kinship.mother, .father, .guardian])
    private static let purpose = known([ConsentPurpose.schoolPortfolio, .personalData])
    private static let giver = known([ConsentGiver.parent, .pupil])
    // The type that no version has is nobody's.
    private static let assurance = known([Assurance.unconfirmed, .child, .confirmed, .unknown("standard")])
    private static let step = known([
        NextStep.checkEsiaAccount, .signInAsOther, .useEsia, .usePassword, .restorePassword, .tryLater,
        .askClassTeacher, .askRegistrar, .askAdministrator, .askSupport,
    ])

    private static func truth(_ json: Any) throws -> Bool { try typed(json, Bool.self) }
    private static func small(_ json: Any) throws -> UInt8 { try typed(json, NSNumber.self).uint8Value }
    private static func snils(_ json: Any) throws -> Snils { try Snils.parse(text(json)) }
    private static func phone(_ json: Any) throws -> MobilePhone { try MobilePhone.parse(text(json)) }
    private static func email(_ json: Any) throws -> Email { try Email.parse(text(json)) }

    private static func id(_ json: Any) throws -> UUID {
        guard let id = UUID(uuidString: try text(json)) else { throw Unread(what: "\(json) is no identifier") }
        return id
    }

    private static func instant(_ json: Any) throws -> Date {
        guard let instant = ISO8601DateFormatter().date(from: try text(json)) else {
            throw Unread(what: "\(json) is no instant")
        }
        return instant
    }

    private static func name(_ json: Any) throws -> FullName {
        try whole(json) {
            let patronymic = try $0.one("patronymic") { json in try whole(json) { try $0.one("given", text) } }
            return try FullName.of(
                family: $0.one("family", text), given: $0.one("given", text), patronymic: patronymic)
        }
    }

    private static func check(_ json: Any) throws -> PasswordCheck {
        switch try text(json) {
        case "right": return .right
        case "wrong": return .wrong
        case let other: throw Unread(what: "nobody knows the password \(other)")
        }
    }

    private static func esiaPerson(_ json: Any) throws -> EsiaPerson {
        try whole(json) {
            EsiaPerson(
                oid: try $0.one("oid", text), assurance: try $0.one("assurance", assurance),
                name: try $0.one("name", name), birthDate: try $0.maybe("birthDate", born),
                snils: try $0.maybe("snils", snils), verifiedPhone: try $0.maybe("verifiedPhone", phone),
                verifiedEmail: try $0.maybe("verifiedEmail", email),
                children: try $0.list("children", esiaChild))
        }
    }

    private static func esiaChild(_ json: Any) throws -> EsiaChild {
        try whole(json) {
            EsiaChild(
                name: try $0.maybe("name", name), birthDate: try $0.maybe("birthDate", born),
                snils: try $0.maybe("snils", snils))
        }
    }

    private static func candidate(_ json: Any) throws -> Candidate {
        try whole(json) {
            Candidate(
                account: try $0.one("account", account), pupil: try $0.maybe("pupil", pupil),
                parent: try $0.maybe("parent", parent), staff: try $0.maybe("staff", staff))
        }
    }

    private static func account(_ json: Any) throws -> Account {
        try whole(json) {
            Account(
                id: try $0.one("id", id), school: try $0.one("school", id), person: try $0.one("person", id),
                name: try $0.one("name", name), birthDate: try $0.maybe("birthDate", born),
                snils: try $0.maybe("snils", snils), phone: try $0.maybe("phone", phone),
                email: try $0.maybe("email", email))
        }
    }

    private static func pupil(_ json: Any) throws -> PupilFacts {
        try whole(json) {
            PupilFacts(until: try $0.maybe("until", date), consents: try $0.list("consents", consent))
        }
    }

    private static func consent(_ json: Any) throws -> Consent {
        try whole(json) {
            Consent(
                giver: try $0.one("giver", id), pupil: try $0.one("pupil", id),
                purpose: try $0.one("purpose", purpose), from: try $0.one("from", date),
                until: try $0.maybe("until", date), revoked: try $0.maybe("revoked", date))
        }
    }

    private static func parent(_ json: Any) throws -> ParentFacts {
        try whole(json) { ParentFacts(children: try $0.list("children", child)) }
    }

    private static func child(_ json: Any) throws -> ChildFacts {
        try whole(json) {
            ChildFacts(
                guardianship: try $0.one("guardianship", guardianship),
                birthDate: try $0.maybe("birthDate", born), until: try $0.maybe("until", date))
        }
    }

    private static func guardianship(_ json: Any) throws -> Guardianship {
        try whole(json) {
            Guardianship(
                parent: try $0.one("parent", id), child: try $0.one("child", id),
                kinship: try $0.one("kinship", kinship),
                legalRepresentative: try $0.maybe("legalRepresentative", truth),
                from: try $0.maybe("from", date), until: try $0.maybe("until", date),
                barred: try $0.one("barred", truth))
        }
    }

    private static func staff(_ json: Any) throws -> StaffFacts {
        try whole(json) {
            StaffFacts(
                classTeacherOf: try $0.list("classTeacherOf", id), duties: try $0.list("duties", duty),
                until: try $0.maybe("until", date))
        }
    }

    private static func contacts(_ json: Any) throws -> SchoolContacts {
        try whole(json) {
            SchoolContacts(
                school: try $0.one("school", id), name: try $0.one("name", text),
                telephone: try $0.maybe("telephone", text), email: try $0.maybe("email", text),
                site: try $0.maybe("site", text))
        }
    }

    private static func keys(_ json: Any) throws -> LookupKeys {
        try whole(json) { fields in
            if let login = try fields.maybe("login", text) { return .login(login) }
            return try fields.one("esia") { json in
                try whole(json) {
                    .esia(snils: try $0.maybe("snils", snils), phone: try $0.maybe("phone", phone))
                }
            }
        }
    }

    private static func grant(_ json: Any) throws -> Grant {
        try whole(json) {
            Grant(
                person: try $0.one("person", id), accounts: try $0.list("accounts", accountGrant),
                chooseSchool: try $0.one("chooseSchool", truth),
                passwordEnds: try $0.maybe("passwordEnds", date),
                validUntil: try $0.maybe("validUntil", date))
        }
    }

    private static func accountGrant(_ json: Any) throws -> AccountGrant {
        try whole(json) {
            AccountGrant(
                account: try $0.one("account", id), school: try $0.one("school", id),
                roles: try $0.list("roles", role))
        }
    }

    private static func role(_ json: Any) throws -> GrantedRole {
        try whole(json) {
            switch try $0.one("role", text) {
            case "pupil": return .pupil
            case "parent": return .parent(children: try $0.list("children", id))
            case "staff":
                return .staff(
                    classTeacherOf: try $0.list("classTeacherOf", id), duties: try $0.list("duties", duty))
            case let other: throw Unread(what: "nobody knows the role \(other)")
            }
        }
    }

    private static func refusal(_ json: Any) throws -> Refusal {
        try whole(json) {
            let details = RefusalDetails(
                accounts: try $0.list("accounts", assurance), consents: try $0.list("consents", wanted),
                role: try $0.maybe("role", known([Role.pupil, .parent, .staff])),
                contacts: try $0.list("contacts", contacts))
            return Refusal(
                code: try $0.one("code", known(refusalCodes())), next: try $0.list("next", step),
                until: try $0.maybe("until", instant),
                threshold: try $0.maybe("threshold") { try whole($0, age) }, details: details,
                case: try $0.maybe("case") { try CaseCode.parse(text($0)) })
        }
    }

    private static func wanted(_ json: Any) throws -> WantedConsent {
        try whole(json) {
            WantedConsent(purpose: try $0.one("purpose", purpose), givers: try $0.list("givers", giver))
        }
    }

    private static func words(_ json: Any) throws -> RefusalInWords {
        try whole(json) {
            RefusalInWords(
                textRu: try $0.one("textRu", text), textEn: try $0.one("textEn", text),
                next: try $0.list("next") { json in
                    try whole(json) {
                        StepInWords(
                            step: try $0.one("step", step), textRu: try $0.one("textRu", text),
                            textEn: try $0.one("textEn", text))
                    }
                })
        }
    }
}
