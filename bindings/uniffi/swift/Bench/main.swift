// What a call costs: a pupil's year goes into the library as records and comes out as a diary.
//
//     EschoolBench SLICE.json FROM TO
//
// prints the median of nanoseconds a call, after a warm-up, and that of writing the diary as JSON. The file is
// a slice of a journal as the library writes it, the days are as in 2024-09-01.

import Eschool
import Foundation

let arguments = CommandLine.arguments
guard arguments.count == 4 else {
    print("usage: EschoolBench SLICE.json FROM TO")
    exit(2)
}

/// The median time of a call, in nanoseconds.
func median(of calls: Int, _ call: () throws -> Void) rethrows -> UInt64 {
    for _ in 0..<(calls / 5) { try call() }
    var times: [UInt64] = []
    for _ in 0..<calls {
        let began = DispatchTime.now().uptimeNanoseconds
        try call()
        times.append(DispatchTime.now().uptimeNanoseconds - began)
    }
    return times.sorted()[calls / 2]
}

do {
    let slice = try decodeSlice(json: String(contentsOfFile: arguments[1], encoding: .utf8))
    let range = try DateRange.of(from: parseDate(text: arguments[2]), to: parseDate(text: arguments[3]))
    var entries = 0
    let nanoseconds = try median(of: 100) {
        entries = try compose(slice: slice, range: range).days.reduce(0) { $0 + $1.entries.count }
    }
    let diary = try compose(slice: slice, range: range)
    let words = try median(of: 100) { _ = try encodeDiary(diary: diary) }
    let read = try decodeDiary(json: encodeDiary(diary: diary))
    precondition(read == diary, "a diary is another one after its way through JSON")
    print("compose: \(nanoseconds) ns a call, \(slice.lessons.count) lessons in, \(entries) entries out")
    print("encodeDiary: \(words) ns a call")
} catch let error as ApiError {
    print("\(error.code): \(error.textEn)")
    exit(1)
} catch {
    print(error)
    exit(1)
}
