//! Small closed lists that the database and the journal write as a key.

/// Declares such a list: `key()`, `from_key()`, serde, and the database's value.
#[macro_export]
macro_rules! keyed {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $key:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $key)] $variant),+ }

        impl $name {
            /// All of the list, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The key that is stored.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }

            /// The one with this key.
            #[must_use]
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(Self::$variant),)+ _ => None }
            }
        }

        impl db::ToV for $name {
            fn v(&self) -> db::V<'_> {
                db::V::T(self.key())
            }
        }

        impl db::FromV for $name {
            fn from_v(v: db::V<'_>) -> Result<Self, &'static str> {
                match v {
                    db::V::T(key) => Self::from_key(key).ok_or(concat!("a key of ", stringify!($name))),
                    _ => Err("text"),
                }
            }
        }
    };
}
