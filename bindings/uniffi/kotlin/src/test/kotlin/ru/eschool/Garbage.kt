package ru.eschool

import java.lang.reflect.Method
import java.lang.reflect.Modifier
import java.lang.reflect.ParameterizedType
import java.lang.reflect.Type
import java.lang.reflect.WildcardType
import java.time.DayOfWeek
import java.time.Instant
import java.time.LocalDate
import java.time.LocalTime
import java.util.UUID
import ru.eschool.core.*

/** Every function of the package, as Java sees it. */
internal val functions: Map<String, Method> = Class.forName("ru.eschool.EschoolKt").declaredMethods
    .filter { Modifier.isPublic(it.modifiers) && !it.isSynthetic }
    .filter { !it.name.startsWith("uniffi") && it.name != "use" }
    // After the hyphen stands what Kotlin adds where unsigned numbers cross.
    .associateBy { it.name.substringBefore('-') }

/** A spot that holds a value: an argument, an element of a list, a part of a record, at any depth. */
internal class Spot(
    val path: String,
    val type: Type,
    private val get: () -> Any?,
    private val set: (Any?) -> Unit,
) {
    /** Has another value there while something runs. */
    fun with(value: Any?, run: () -> Unit) {
        val before = get()
        set(value)
        run()
        set(before)
    }
}

/** Comes to every spot of some arguments; where a type has several variants, to the spots of each. */
internal fun everySpot(method: Method, arguments: Array<Any?>, visit: (Spot) -> Unit) {
    method.genericParameterTypes.forEachIndexed { at, type ->
        come(Spot("${method.name}($at)", type, { arguments[at] }, { arguments[at] = it }), visit)
    }
}

private fun come(spot: Spot, visit: (Spot) -> Unit) {
    visit(spot)
    val element = elementOf(spot.type)
    if (element != null) {
        val list = arrayListOf<Any?>(soundOf(element))
        spot.with(list) { come(Spot("${spot.path}[0]", element, { list[0] }, { list[0] = it }), visit) }
        return
    }
    if (!classOf(spot.type).name.startsWith("ru.eschool.")) return
    for (value in variantsOf(classOf(spot.type))) {
        spot.with(value) {
            for (field in value.javaClass.declaredFields.filter { !Modifier.isStatic(it.modifiers) }) {
                field.isAccessible = true
                val path = "${spot.path}.${value.javaClass.simpleName}.${field.name}"
                come(Spot(path, field.genericType, { field.get(value) }, { field.set(value, it) }), visit)
            }
        }
    }
}

/** Values that are right, of the types that are written by hand and of Java's. */
private val sound: Map<Class<*>, () -> Any> = mapOf(
    String::class.java to { "Ёлкина" },
    Boolean::class.java to { true },
    Boolean::class.javaObjectType to { true },
    Byte::class.java to { 5.toByte() },
    Short::class.java to { 30.toShort() },
    Int::class.java to { 300 },
    Long::class.java to { 4L },
    UByte::class.java to { 5.toUByte() },
    UShort::class.java to { 30.toUShort() },
    UInt::class.java to { 300u },
    ByteArray::class.java to { ByteArray(8) },
    UUID::class.java to { id(1) },
    LocalDate::class.java to { LocalDate.of(2024, 9, 16) },
    LocalTime::class.java to { LocalTime.of(8, 30) },
    DayOfWeek::class.java to { DayOfWeek.MONDAY },
    Instant::class.java to { Instant.parse("2024-09-16T12:00:00Z") },
    Snils::class.java to { Snils.parse("112-233-445 95") },
    MobilePhone::class.java to { MobilePhone.parse("+79123456789") },
    Email::class.java to { Email.parse("anna@example.org") },
    Login::class.java to { Login.parse("pr7_elkina") },
    CaseCode::class.java to { CaseCode.parse("7Q4-K2M") },
    BirthDate::class.java to { BirthDate.parse("31.08.2010") },
    FullName::class.java to { FullName.of("Ёлкина", "Анна", "Олеговна") },
    DateRange::class.java to { DateRange.of(LocalDate.of(2024, 9, 16), LocalDate.of(2024, 9, 22)) },
    Weight::class.java to { Weight.of(150u) },
    Mean::class.java to { Mean.of(17u, 4u) },
    Grading::class.java to { Grading.plain().withSign(30u) },
    UnknownContent::class.java to { UnknownContent("""{"kind":"week_signed","week":38}""") },
    SignInPolicy::class.java to { SignInPolicy.parse(SignInPolicy.preset("ryazan_2022").json) },
)

/** A value of a type, with nothing left out: every list has an element, every part that may lack is there. */
internal fun soundOf(type: Type): Any =
    elementOf(type)?.let { arrayListOf(soundOf(it)) } ?: variantsOf(classOf(type)).first()

/** A value of each kind that a class knows. */
private fun variantsOf(type: Class<*>): List<Any> {
    sound[type]?.let { return listOf(it()) }
    if (type.isEnum) return type.enumConstants.toList()
    if (type.isSealed) return type.permittedSubclasses.flatMap(::variantsOf)
    type.declaredFields.singleOrNull { it.name == "INSTANCE" }?.let { return listOf(it.get(null)) }
    val constructor = type.declaredConstructors.filter { !it.isSynthetic }.maxBy { it.parameterCount }
    constructor.isAccessible = true
    val parts = constructor.genericParameterTypes.map(::soundOf)
    return listOf(constructor.newInstance(*parts.toTypedArray()))
}

/** What a list holds; nothing for what is no list. */
internal fun elementOf(type: Type): Type? =
    (type as? ParameterizedType)?.takeIf { it.rawType == List::class.java }?.actualTypeArguments?.single()

internal fun classOf(type: Type): Class<*> = when (type) {
    is WildcardType -> classOf(type.upperBounds.single())
    is ParameterizedType -> type.rawType as Class<*>
    else -> type as Class<*>
}
