#if canImport(CryptoKit)
import CryptoKit

/// SHA-256, for the challenge of RFC 7636.
func sha256(_ message: [UInt8]) -> [UInt8] {
    Array(SHA256.hash(data: message))
}
#else
/// SHA-256 (FIPS 180-4), for the challenge of RFC 7636: outside Apple's platforms Foundation has none.
func sha256(_ message: [UInt8]) -> [UInt8] {
    var state: [UInt32] = primes(8).map { fraction(Double($0).squareRoot()) }
    let constants = primes(64).map { fraction(cubeRoot(Double($0))) }
    let zeros = (119 - message.count % 64) % 64
    var padded: [UInt8] = message
    padded.append(0x80)
    padded.append(contentsOf: [UInt8](repeating: 0, count: zeros))
    padded.append(contentsOf: bytes(UInt64(message.count) * 8))
    for block in stride(from: 0, to: padded.count, by: 64) {
        var words: [UInt32] = []
        for at in stride(from: block, to: block + 64, by: 4) {
            words.append(padded[at..<at + 4].reduce(UInt32(0)) { word, byte in word << 8 | UInt32(byte) })
        }
        for at in 16..<64 {
            let (old, new): (UInt32, UInt32) = (words[at - 15], words[at - 2])
            let first: UInt32 = turned(old, 7) ^ turned(old, 18) ^ (old >> 3)
            let second: UInt32 = turned(new, 17) ^ turned(new, 19) ^ (new >> 10)
            let sum: UInt32 = words[at - 16] &+ words[at - 7]
            words.append(sum &+ first &+ second)
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for at in 0..<64 {
            let second: UInt32 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
            let chosen: UInt32 = (e & f) ^ (~e & g)
            let known: UInt32 = constants[at] &+ words[at]
            let one: UInt32 = h &+ second &+ chosen &+ known
            let first: UInt32 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
            let most: UInt32 = (a & b) ^ (a & c) ^ (b & c)
            let two: UInt32 = first &+ most
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ one, c, b, a, one &+ two)
        }
        for (at, word) in [a, b, c, d, e, f, g, h].enumerated() { state[at] &+= word }
    }
    return state.flatMap { word in bytes(word) }
}

/// The bytes of a number, the highest first.
private func bytes<T: FixedWidthInteger>(_ number: T) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
}

private func turned(_ word: UInt32, _ by: UInt32) -> UInt32 { (word >> by) | (word << (32 - by)) }

/// The first 32 bits after the point.
private func fraction(_ number: Double) -> UInt32 {
    UInt32((number - number.rounded(.down)) * 4_294_967_296)
}

private func cubeRoot(_ number: Double) -> Double {
    // Newton's way, from above.
    var root = number
    for _ in 0..<60 {
        let square = root * root
        root -= (square * root - number) / (3 * square)
    }
    return root
}

private func primes(_ count: Int) -> [Int] {
    var found: [Int] = []
    var next = 2
    while found.count < count {
        if found.allSatisfy({ next % $0 != 0 }) { found.append(next) }
        next += 1
    }
    return found
}
#endif
