pluginManagement {
    repositories {
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositories { mavenCentral() }
}

rootProject.name = "kotlin-diary"

// The package from beside, built with it; elsewhere it comes from a repository.
includeBuild("../../bindings/uniffi/kotlin")
