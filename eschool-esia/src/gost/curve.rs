//! The curves: 256-bit parameter sets by name, by identifier and in numbers.

use const_oid::ObjectIdentifier;
use crypto_bigint::{
    Odd, U256,
    modular::{FixedMontyForm, FixedMontyParams},
};

/// A number modulo p or modulo q, ready for multiplication.
pub(super) type Residue = FixedMontyForm<4>;
/// A modulus, ready for multiplication.
pub(super) type Modulus = FixedMontyParams<4>;

/// A 256-bit parameter set of ГОСТ Р 34.10-2012 (RFC 4357, RFC 7836).
///
/// ТК 26 gave the three older sets second names (`id-tc26-gost-3410-2012-256-paramSetB`, `C`,
/// `D`), and two of them have names for key agreement (`XchA`, `XchB`): keys under any of these
/// names are read, and written under the name of the set itself.
///
/// ```
/// use eschool_esia::gost::{Curve, PrivateKey};
///
/// let key = PrivateKey::generate(Curve::Tc26A, &mut |bytes| bytes.fill(0x17));
/// assert_eq!(key.public_key().curve(), Curve::Tc26A);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Curve {
    /// `id-GostR3410-2001-CryptoPro-A-ParamSet`.
    CryptoProA,
    /// `id-GostR3410-2001-CryptoPro-B-ParamSet`.
    CryptoProB,
    /// `id-GostR3410-2001-CryptoPro-C-ParamSet`.
    CryptoProC,
    /// `id-tc26-gost-3410-2012-256-paramSetA`, the one with a cofactor of four.
    Tc26A,
}

const CRYPTO_PRO_A: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.2.2.35.1");
const CRYPTO_PRO_B: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.2.2.35.2");
const CRYPTO_PRO_C: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.2.2.35.3");
const CRYPTO_PRO_XCH_A: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.2.2.36.0");
const CRYPTO_PRO_XCH_B: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.2.2.36.1");
const TC26_A: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.2.1.1.1");
const TC26_B: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.2.1.1.2");
const TC26_C: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.2.1.1.3");
const TC26_D: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.2.1.1.4");

impl Curve {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::CryptoProA, Self::CryptoProB, Self::CryptoProC, Self::Tc26A];

    /// The identifier that keys on this curve are written with.
    #[must_use]
    pub const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::CryptoProA => CRYPTO_PRO_A,
            Self::CryptoProB => CRYPTO_PRO_B,
            Self::CryptoProC => CRYPTO_PRO_C,
            Self::Tc26A => TC26_A,
        }
    }

    /// The curve a key's identifier means, under any of its names.
    #[must_use]
    pub fn from_oid(oid: ObjectIdentifier) -> Option<Self> {
        match oid {
            CRYPTO_PRO_A | CRYPTO_PRO_XCH_A | TC26_B => Some(Self::CryptoProA),
            CRYPTO_PRO_B | TC26_C => Some(Self::CryptoProB),
            CRYPTO_PRO_C | CRYPTO_PRO_XCH_B | TC26_D => Some(Self::CryptoProC),
            TC26_A => Some(Self::Tc26A),
            _ => None,
        }
    }

    /// Whether keys name their hash beside the curve: the older sets do (RFC 9215).
    pub(super) const fn names_digest(self) -> bool {
        !matches!(self, Self::Tc26A)
    }

    /// Its numbers.
    pub(super) const fn domain(self) -> &'static Domain {
        match self {
            Self::CryptoProA => &DOMAIN_CRYPTO_PRO_A,
            Self::CryptoProB => &DOMAIN_CRYPTO_PRO_B,
            Self::CryptoProC => &DOMAIN_CRYPTO_PRO_C,
            Self::Tc26A => &DOMAIN_TC26_A,
        }
    }
}

/// The curve y² = x³ + ax + b modulo p, with a point of prime order q.
pub(super) struct Domain {
    /// The modulus of coordinates.
    pub(super) p: Modulus,
    /// The order of the base point.
    pub(super) q: Modulus,
    /// The coefficient a.
    pub(super) a: Residue,
    /// The coefficient b.
    pub(super) b: Residue,
    /// The base point.
    pub(super) base: (Residue, Residue),
}

impl Domain {
    const fn new(p: &str, q: &str, a: &str, b: &str, base: (&str, &str)) -> Self {
        let p = Modulus::new_vartime(Odd::<U256>::from_be_hex(p));
        let q = Modulus::new_vartime(Odd::<U256>::from_be_hex(q));
        Self {
            a: Residue::new(&U256::from_be_hex(a), &p),
            b: Residue::new(&U256::from_be_hex(b), &p),
            base: (
                Residue::new(&U256::from_be_hex(base.0), &p),
                Residue::new(&U256::from_be_hex(base.1), &p),
            ),
            p,
            q,
        }
    }

    /// The order of the base point as a number.
    pub(super) const fn order(&self) -> &U256 {
        self.q.modulus().as_ref()
    }
}

static DOMAIN_CRYPTO_PRO_A: Domain = Domain::new(
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFD97",
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF6C611070995AD10045841B09B761B893",
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFD94",
    "00000000000000000000000000000000000000000000000000000000000000A6",
    (
        "0000000000000000000000000000000000000000000000000000000000000001",
        "8D91E471E0989CDA27DF505A453F2B7635294F2DDF23E3B122ACC99C9E9F1E14",
    ),
);

static DOMAIN_CRYPTO_PRO_B: Domain = Domain::new(
    "8000000000000000000000000000000000000000000000000000000000000C99",
    "800000000000000000000000000000015F700CFFF1A624E5E497161BCC8A198F",
    "8000000000000000000000000000000000000000000000000000000000000C96",
    "3E1AF419A269A5F866A7D3C25C3DF80AE979259373FF2B182F49D4CE7E1BBC8B",
    (
        "0000000000000000000000000000000000000000000000000000000000000001",
        "3FA8124359F96680B83D1C3EB2C070E5C545C9858D03ECFB744BF8D717717EFC",
    ),
);

static DOMAIN_CRYPTO_PRO_C: Domain = Domain::new(
    "9B9F605F5A858107AB1EC85E6B41C8AACF846E86789051D37998F7B9022D759B",
    "9B9F605F5A858107AB1EC85E6B41C8AA582CA3511EDDFB74F02F3A6598980BB9",
    "9B9F605F5A858107AB1EC85E6B41C8AACF846E86789051D37998F7B9022D7598",
    "000000000000000000000000000000000000000000000000000000000000805A",
    (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "41ECE55743711A8C3CBF3783CD08C0EE4D4DC440D4641A8F366E550DFDB3BB67",
    ),
);

static DOMAIN_TC26_A: Domain = Domain::new(
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFD97",
    "400000000000000000000000000000000FD8CDDFC87B6635C115AF556C360C67",
    "C2173F1513981673AF4892C23035A27CE25E2013BF95AA33B22C656F277E7335",
    "295F9BAE7428ED9CCC20E7C359A9D41A22FCCD9108E17BF7BA9337A6F8AE9513",
    (
        "91E38443A5E82C0D880923425712B2BB658B9196932E02C78B2582FE742DAA28",
        "32879423AB1A0375895786C4BB46E9565FDE0B5344766740AF268ADB32322E5C",
    ),
);
