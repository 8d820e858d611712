// The package for Android: the same sources, with the library for each of its processors.

plugins {
    id("com.android.library")
    kotlin("android")
}

val workspace = rootDir.resolve("../../..")
val jnaVersion: String by project
val cargoLibs = layout.buildDirectory.dir("jniLibs")

val cargoNdk by tasks.registering(Exec::class) {
    description = "Builds the library for Android; wants cargo-ndk and the Android targets of rustup"
    workingDir = workspace
    outputs.dir(cargoLibs)
    // Cargo knows best what is to be built anew.
    outputs.upToDateWhen { false }
    commandLine(
        "cargo", "ndk", "-t", "arm64-v8a", "-t", "armeabi-v7a", "-t", "x86_64",
        "-o", cargoLibs.get().asFile.path, "build", "--release", "-p", "eschool-uniffi",
    )
}

android {
    namespace = "ru.eschool"
    compileSdk = 35
    defaultConfig {
        // The first with java.time of its own.
        minSdk = 26
        consumerProguardFiles("consumer-rules.pro")
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    sourceSets["main"].apply {
        kotlin.srcDir(rootDir.resolve("src/main/kotlin"))
        kotlin.srcDir(rootProject.layout.buildDirectory.dir("generated/uniffi"))
        jniLibs.srcDir(cargoLibs)
    }
}

kotlin {
    compilerOptions {
        jvmTarget = org.jetbrains.kotlin.gradle.dsl.JvmTarget.JVM_17
        freeCompilerArgs.add("-Xno-param-assertions")
    }
}

dependencies { api("net.java.dev.jna:jna:$jnaVersion@aar") }

tasks.named("preBuild") { dependsOn(cargoNdk, ":generate") }
