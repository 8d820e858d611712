// swift-tools-version: 5.9

import PackageDescription

let package = Package(
    name: "swift-diary",
    platforms: [.macOS(.v12)],
    dependencies: [
        .package(name: "Eschool", path: "../../bindings/uniffi/swift"),
    ],
    targets: [
        .executableTarget(
            name: "swift-diary",
            dependencies: [.product(name: "Eschool", package: "Eschool")],
            path: "Sources/SwiftDiary"),
    ]
)
