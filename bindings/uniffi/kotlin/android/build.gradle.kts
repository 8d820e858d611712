// The package for Android: the same sources, with the library for each of its processors.

plugins {
    id("com.android.library")
    kotlin("android")
}

val workspace = rootDir.resolve("../../..")
val cargoLibs = layout.buildDirectory.dir("jniLibs")

val cargoNdk by tasks.registering(Exec::class) {
    description = "Builds the library for Android; wants cargo-ndk and the Android targets of rustup"
    workingDir = workspace
    outputs.dir(cargoLibs)
    commandLine(
        "cargo", "ndk", "-t", "arm64-v8a", "-t", "armeabi-v7a", "-t", "x86_64",
        "-o", cargoLibs.get().asFile.path, "build", "--release", "-p", "eschool-uniffi",
    )
}

android {
    namespace = "ru.eschool"
    compileSdk = 35
    // The first with java.time of its own.
    defaultConfig.minSdk = 26
    sourceSets["main"].apply {
        kotlin.srcDir(rootDir.resolve("src/main/kotlin"))
        kotlin.srcDir(rootProject.layout.buildDirectory.dir("generated/uniffi"))
        jniLibs.srcDir(cargoLibs)
    }
}

kotlin { jvmToolchain(17) }

dependencies { api("net.java.dev.jna:jna:5.13.0@aar") }

tasks.named("preBuild") { dependsOn(cargoNdk, ":generate") }
