/// A value that tells nobody's data when it is printed (152-ФЗ): not in a log line, not by `dump`, not in
/// a debugger. What it hides is asked for by name, `formatted` and the like.
public protocol MaskedValue: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension MaskedValue {
    /// The same as `description`.
    public var debugDescription: String { description }

    /// No part of it.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
