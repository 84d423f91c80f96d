//! Values on their way in (`V`, `ToV`, `args!`) and out (`FromV`). Borrowed both ways: one copy at most, into the reader's own type.

use kernel::{Instant, Key};
use std::borrow::Cow;

/// A value as both engines know it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum V<'a> {
    /// Nothing.
    Null,
    /// `bigint`.
    I(i64),
    /// `double precision`.
    F(f64),
    /// `text`.
    T(&'a str),
    /// `bytea`.
    B(&'a [u8]),
}

/// A type that can be an argument of a statement. Newtypes of a room implement it in one line.
pub trait ToV {
    /// The value, borrowed.
    fn v(&self) -> V<'_>;
}

/// A type that a column can be read into.
pub trait FromV: Sized {
    /// Reads the value, or says what was expected.
    ///
    /// # Errors
    /// When the column holds another type, or null where nothing may be missing.
    fn from_v(v: V<'_>) -> Result<Self, &'static str>;
}

/// The arguments of a statement, by number: `args![id, code, at]` is `$1, $2, $3`.
#[macro_export]
macro_rules! args {
    ($($e:expr),* $(,)?) => { &[$($crate::ToV::v(&$e)),*] as &[$crate::V<'_>] };
}

macro_rules! integers {
    ($($t:ty),+) => { $(
        impl ToV for $t {
            fn v(&self) -> V<'_> {
                V::I(i64::from(*self))
            }
        }
        impl FromV for $t {
            fn from_v(v: V<'_>) -> Result<Self, &'static str> {
                match v {
                    V::I(n) => n.try_into().map_err(|_| concat!("a number that fits ", stringify!($t))),
                    _ => Err("a whole number"),
                }
            }
        }
    )+ };
}
integers!(i64, i32, u32, u16, u8);

impl ToV for bool {
    fn v(&self) -> V<'_> {
        V::I(i64::from(*self))
    }
}
impl FromV for bool {
    fn from_v(v: V<'_>) -> Result<Self, &'static str> {
        match v {
            V::I(0) => Ok(false),
            V::I(1) => Ok(true),
            _ => Err("0 or 1"),
        }
    }
}

impl ToV for f64 {
    fn v(&self) -> V<'_> {
        V::F(*self)
    }
}
impl FromV for f64 {
    #[allow(clippy::cast_precision_loss)] // `coalesce(sum(x), 0)` is a whole number on SQLite and a double on PostgreSQL
    fn from_v(v: V<'_>) -> Result<Self, &'static str> {
        match v {
            V::F(x) => Ok(x),
            V::I(n) => Ok(n as Self),
            _ => Err("a number"),
        }
    }
}

impl ToV for str {
    fn v(&self) -> V<'_> {
        V::T(self)
    }
}
impl ToV for String {
    fn v(&self) -> V<'_> {
        V::T(self)
    }
}
impl ToV for Cow<'_, str> {
    fn v(&self) -> V<'_> {
        V::T(self)
    }
}
impl FromV for String {
    fn from_v(v: V<'_>) -> Result<Self, &'static str> {
        match v {
            V::T(text) => Ok(text.to_owned()),
            _ => Err("text"),
        }
    }
}

impl ToV for [u8] {
    fn v(&self) -> V<'_> {
        V::B(self)
    }
}
impl<const N: usize> ToV for [u8; N] {
    fn v(&self) -> V<'_> {
        V::B(self)
    }
}
impl ToV for Vec<u8> {
    fn v(&self) -> V<'_> {
        V::B(self)
    }
}
impl FromV for Vec<u8> {
    fn from_v(v: V<'_>) -> Result<Self, &'static str> {
        match v {
            V::B(bytes) => Ok(bytes.to_vec()),
            _ => Err("bytes"),
        }
    }
}
impl<const N: usize> FromV for [u8; N] {
    fn from_v(v: V<'_>) -> Result<Self, &'static str> {
        match v {
            V::B(bytes) => bytes.try_into().map_err(|_| "bytes of another length"),
            _ => Err("bytes"),
        }
    }
}

impl ToV for Instant {
    fn v(&self) -> V<'_> {
        V::I(self.ms())
    }
}
impl FromV for Instant {
    fn from_v(v: V<'_>) -> Result<Self, &'static str> {
        i64::from_v(v).map(Self::from_ms)
    }
}

impl ToV for Key {
    fn v(&self) -> V<'_> {
        V::T(self.as_str())
    }
}

impl ToV for V<'_> {
    fn v(&self) -> V<'_> {
        *self
    }
}

impl<T: ToV> ToV for Option<T> {
    fn v(&self) -> V<'_> {
        self.as_ref().map_or(V::Null, ToV::v)
    }
}
impl<T: FromV> FromV for Option<T> {
    fn from_v(v: V<'_>) -> Result<Self, &'static str> {
        match v {
            V::Null => Ok(None),
            v => T::from_v(v).map(Some),
        }
    }
}

impl<T: ToV + ?Sized> ToV for &T {
    fn v(&self) -> V<'_> {
        (**self).v()
    }
}
