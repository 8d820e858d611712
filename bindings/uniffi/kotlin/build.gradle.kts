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
val jnaVersion: String by project
val generated = layout.buildDirectory.dir("generated/uniffi")
// As cargo takes it: from its own folder, where it is no whole path.
val built = workspace.resolve(System.getenv("CARGO_TARGET_DIR") ?: "target").resolve("release")
val library = built.resolve(System.mapLibraryName("eschool_uniffi"))
val bindgen = built.resolve(if (library.extension == "dll") "eschool-uniffi-bindgen.exe" else "eschool-uniffi-bindgen")

val cargoBuild by tasks.registering(Exec::class) {
    description = "Builds the library and what writes its Kotlin side"
    workingDir = workspace
    commandLine("cargo", "build", "--release", "-p", "eschool-uniffi", "-p", "eschool-uniffi-bindgen")
    outputs.files(library, bindgen)
    // Cargo knows best what is to be built anew.
    outputs.upToDateWhen { false }
}

val generate by tasks.registering(Exec::class) {
    description = "Writes the Kotlin side of the library"
    inputs.files(cargoBuild)
    outputs.dir(generated)
    workingDir = workspace
    commandLine(bindgen.path, "kotlin", "--library", library.path, "--out", generated.get().asFile.path)
}

// Any JDK from 17 on builds what runs from 17 on.
kotlin {
    compilerOptions {
        jvmTarget = org.jetbrains.kotlin.gradle.dsl.JvmTarget.JVM_17
        // A null from Java is refused with a code, as every other value that is none.
        freeCompilerArgs.addAll("-Xjdk-release=17", "-Xno-param-assertions")
    }
    sourceSets["main"].kotlin.srcDir(generate)
}

java {
    sourceCompatibility = JavaVersion.VERSION_17
    targetCompatibility = JavaVersion.VERSION_17
}

dependencies {
    api("net.java.dev.jna:jna:$jnaVersion")
    testImplementation(kotlin("test-junit"))
    testImplementation("com.google.code.gson:gson:2.10")
}

tasks.processResources {
    // Where JNA looks for a library of its platform inside a jar.
    val system = System.getProperty("os.name").lowercase()
    val os = if ("mac" in system) "darwin" else if ("windows" in system) "win32" else "linux"
    val arch = if (System.getProperty("os.arch") == "aarch64") "aarch64" else "x86-64"
    from(library) { into("$os-$arch") }
    dependsOn(cargoBuild)
}

tasks.test {
    inputs.files(workspace.resolve("bindings/vectors.json"), cargoBuild)
    environment("ESCHOOL_VECTORS", workspace.resolve("bindings/vectors.json").path)
    environment("ESCHOOL_TESTS", rootDir.resolve("src/test").path)
    systemProperty("jna.library.path", built.path)
}

publishing {
    publications.create<MavenPublication>("jvm") { from(components["java"]) }
}
