pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositories {
        google()
        mavenCentral()
    }
}

rootProject.name = "eschool"

// Only who builds for Android needs its plugin and its SDK.
if (providers.environmentVariable("ANDROID_HOME").isPresent) include(":android")
