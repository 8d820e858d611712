// The package for a JVM: our sources, what is generated of the library, and the library itself.

plugins {
    kotlin("jvm") version "2.4.20"
    id("com.android.library") version "8.13.0" apply false
    kotlin("android") version "2.4.20" apply false
    `java-library`
    `maven-publish`
}

group = "ru.eschool"
version = "0.1.0"

val workspace = rootDir.resolve("../../..")
val generated = layout.buildDirectory.dir("generated/uniffi")
val library = System.mapLibraryName("eschool_uniffi")

val cargoBuild by tasks.registering(Exec::class) {
    description = "Builds the library and what writes its Kotlin side"
    workingDir = workspace
    commandLine("cargo", "build", "--release", "-p", "eschool-uniffi", "-p", "eschool-uniffi-bindgen")
}

val generate by tasks.registering(Exec::class) {
    description = "Writes the Kotlin side of the library"
    dependsOn(cargoBuild)
    workingDir = workspace
    outputs.dir(generated)
    val built = workspace.resolve("target/release")
    commandLine(
        built.resolve("eschool-uniffi-bindgen").path, "kotlin",
        "--library", built.resolve(library).path,
        "--out", generated.get().asFile.path,
    )
}

kotlin {
    jvmToolchain(17)
    sourceSets["main"].kotlin.srcDir(generate)
}

dependencies {
    api("net.java.dev.jna:jna:5.13.0")
    testImplementation(kotlin("test-junit"))
    testImplementation("com.google.code.gson:gson:2.10")
}

tasks.processResources {
    // Where JNA looks for a library of its platform inside a jar.
    val system = System.getProperty("os.name").lowercase()
    val os = if ("mac" in system) "darwin" else if ("windows" in system) "win32" else "linux"
    val arch = if (System.getProperty("os.arch") == "aarch64") "aarch64" else "x86-64"
    from(workspace.resolve("target/release/$library")) { into("$os-$arch") }
    dependsOn(cargoBuild)
}

tasks.test {
    environment("ESCHOOL_VECTORS", workspace.resolve("bindings/vectors.json").path)
    environment("ESCHOOL_TESTS", rootDir.resolve("src/test").path)
    systemProperty("jna.library.path", workspace.resolve("target/release").path)
}

publishing {
    publications.create<MavenPublication>("jvm") { from(components["java"]) }
}
