#!/bin/sh
# Builds EschoolFFI.xcframework, the Rust library for Apple's platforms that Package.swift takes on macOS,
# and writes the Swift sources that go with it. Needs Xcode, and the targets below:
#
#     rustup target add aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios \
#         aarch64-apple-darwin x86_64-apple-darwin
set -eu

package=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$package/../../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
work=$target/xcframework
cd "$root"

for platform in aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios \
    aarch64-apple-darwin x86_64-apple-darwin; do
    cargo build --release --package eschool-uniffi --target "$platform"
done

cargo run --package eschool-uniffi-bindgen -- swift \
    --library "$target/aarch64-apple-darwin/release/libeschool_uniffi.dylib" \
    --out "$package/Sources"

rm -rf "$work" "$package/EschoolFFI.xcframework"
mkdir -p "$work/headers" "$work/simulator" "$work/macos"
cp "$package"/Sources/EschoolFFI/*.h "$work/headers"
# The framework brings the library along: nothing is to be looked for by name.
grep -v '^ *link ' "$package/Sources/EschoolFFI/module.modulemap" > "$work/headers/module.modulemap"

# One library for a platform, whatever its processors.
lipo -create -output "$work/simulator/libeschool_uniffi.a" \
    "$target/aarch64-apple-ios-sim/release/libeschool_uniffi.a" \
    "$target/x86_64-apple-ios/release/libeschool_uniffi.a"
lipo -create -output "$work/macos/libeschool_uniffi.a" \
    "$target/aarch64-apple-darwin/release/libeschool_uniffi.a" \
    "$target/x86_64-apple-darwin/release/libeschool_uniffi.a"

xcodebuild -create-xcframework \
    -library "$target/aarch64-apple-ios/release/libeschool_uniffi.a" -headers "$work/headers" \
    -library "$work/simulator/libeschool_uniffi.a" -headers "$work/headers" \
    -library "$work/macos/libeschool_uniffi.a" -headers "$work/headers" \
    -output "$package/EschoolFFI.xcframework"
