// swift-tools-version: 5.9

import PackageDescription

// On macOS, for all of Apple's platforms, the Rust library is in an XCFramework, which
// make-xcframework.sh builds. Elsewhere it is the one that cargo builds, found by `-Xlinker -L…`.
#if os(macOS)
let library = Target.binaryTarget(name: "EschoolFFI", path: "EschoolFFI.xcframework")
#else
let library = Target.systemLibrary(name: "EschoolFFI", path: "Sources/EschoolFFI")
#endif

let package = Package(
    name: "Eschool",
    platforms: [.iOS(.v13), .macOS(.v10_15)],
    products: [
        .library(name: "Eschool", targets: ["Eschool"]),
    ],
    targets: [
        library,
        .target(name: "Eschool", dependencies: ["EschoolFFI"]),
        .executableTarget(name: "EschoolBench", dependencies: ["Eschool"], path: "Bench"),
        .testTarget(name: "EschoolTests", dependencies: ["Eschool"]),
    ]
)
