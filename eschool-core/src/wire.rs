//! How values cross a border: enums as snake_case strings, with unknown ones kept, and what is
//! personal without an error that shows it.

mod content;
pub(crate) mod masked;

pub(crate) use content::Content;

/// Declares an enum whose variants are stable strings on the wire.
///
/// The enum gets `as_str`, `Display`, `From<&str>` and serde as that string. A string that this
/// version does not know becomes `Unknown(text)` and is written back unchanged, so an old client
/// between two new ones loses nothing.
macro_rules! wire_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$vmeta:meta])* $variant:ident = $text:literal ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "uniffi", derive(uniffi::Enum), uniffi::export(Display))]
        #[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
        pub enum $name {
            $(
                $(#[$vmeta])*
                #[cfg_attr(feature = "wasm", serde(rename = $text))]
                $variant,
            )+
            /// A string this version does not know, kept as it came.
            #[cfg_attr(feature = "wasm", serde(rename = "unknown"))]
            Unknown(alloc::string::String),
        }

        impl $name {
            /// Every value this version knows, in the order of the documentation.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// The stable string of this value on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Unknown(text) => text,
                }
            }

            /// Whether this version knows the value.
            #[must_use]
            pub const fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $text => Self::$variant, )+
                    other => Self::Unknown(alloc::string::String::from(other)),
                }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut read = Self::Unknown(alloc::string::String::new());
                $crate::wire::masked::told(deserializer, &mut |text| read = Self::from(text))?;
                Ok(read)
            }
        }
    };
}
pub(crate) use wire_enum;

/// Serde for a type that is a string outside and keeps an invariant inside: it is written by
/// `Display` and read by `FromStr`. Of a value that is no string nothing is shown.
macro_rules! wire_string {
    ($name:ty) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::wire::masked::text(deserializer, |text| text.parse::<Self>())
            }
        }
    };
}
pub(crate) use wire_string;
