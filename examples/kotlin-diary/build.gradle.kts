plugins {
    kotlin("jvm") version "2.4.20"
    application
}

kotlin { compilerOptions { jvmTarget = org.jetbrains.kotlin.gradle.dsl.JvmTarget.JVM_17 } }

java {
    sourceCompatibility = JavaVersion.VERSION_17
    targetCompatibility = JavaVersion.VERSION_17
}

dependencies {
    implementation("ru.eschool:eschool:0.1.0")
    implementation("com.google.code.gson:gson:2.10")
}

application { mainClass = "MainKt" }

// Where there is no terminal, the password is read from here.
tasks.named<JavaExec>("run") { standardInput = System.`in` }
