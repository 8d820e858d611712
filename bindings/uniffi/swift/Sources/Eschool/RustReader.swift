import EschoolFFI
import Foundation

/// Reads what the library has written, in place: a diary is thousands of small numbers and texts, and a
/// `Data` takes its time over each.
struct RustReader {
    /// The library has written less than is read.
    struct Overflow: Error {}

    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    /// Reads a buffer, which has to outlive it.
    init(_ buffer: RustBuffer) {
        bytes = UnsafeRawBufferPointer(start: buffer.data, count: Int(buffer.len))
    }

    /// Whether something is left.
    var hasRemaining: Bool { offset < bytes.count }

    /// The next number; the highest byte comes first, at no even address.
    mutating func integer<T: FixedWidthInteger>() throws -> T {
        let begin = try advance(by: MemoryLayout<T>.size)
        return T(bigEndian: bytes.loadUnaligned(fromByteOffset: begin, as: T.self))
    }

    /// The next bytes, to be copied before the buffer goes.
    mutating func next(_ count: Int) throws -> UnsafeRawBufferPointer {
        let begin = try advance(by: count)
        return UnsafeRawBufferPointer(rebasing: bytes[begin..<begin + count])
    }

    /// The next identifier, with its length before it.
    mutating func uuid() throws -> UUID {
        let length: Int32 = try integer()
        let read = try next(Int(length))
        guard read.count == MemoryLayout<uuid_t>.size else { throw Overflow() }
        return UUID(uuid: read.loadUnaligned(as: uuid_t.self))
    }

    private mutating func advance(by count: Int) throws -> Int {
        guard count >= 0, count <= bytes.count - offset else { throw Overflow() }
        defer { offset += count }
        return offset
    }
}

/// Writes an identifier, with its length before it.
func writeUuid(_ id: UUID, into bytes: inout [UInt8]) {
    withUnsafeBytes(of: Int32(MemoryLayout<uuid_t>.size).bigEndian) { bytes.append(contentsOf: $0) }
    withUnsafeBytes(of: id.uuid) { bytes.append(contentsOf: $0) }
}
