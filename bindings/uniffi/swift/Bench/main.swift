// What one call costs that composes a year: `cargo xtask bench --only swift` runs it.
//
//     EschoolBench SLICE.json FROM TO
//
// prints nanoseconds a call, a line for each round. The file is a slice of a journal as the library writes it,
// the days are as in 2024-09-01.

import Eschool
import Foundation

let warmUp = 50
let rounds = 15
let calls = 20

let arguments = CommandLine.arguments
guard arguments.count == 4 else {
    print("usage: EschoolBench SLICE.json FROM TO")
    exit(2)
}

do {
    let slice = try decodeSlice(json: String(contentsOfFile: arguments[1], encoding: .utf8))
    let range = try DateRange.of(from: parseDate(text: arguments[2]), to: parseDate(text: arguments[3]))
    // A result that nobody reads could be left out.
    var days = 0
    for _ in 0..<warmUp { days += try compose(slice: slice, range: range).days.count }
    for _ in 0..<rounds {
        let begun = DispatchTime.now().uptimeNanoseconds
        for _ in 0..<calls { days += try compose(slice: slice, range: range).days.count }
        print((DispatchTime.now().uptimeNanoseconds - begun) / UInt64(calls))
    }
    precondition(days > 0, "the year has no days")
} catch let error as ApiError {
    print("\(error.code): \(error.textEn)")
    exit(1)
} catch {
    print(error)
    exit(1)
}
