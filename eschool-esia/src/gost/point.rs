//! Points of a curve, added without asking which ones they are.

use crypto_bigint::{CtAssign, CtEq, U256};

use super::curve::{Domain, Residue};

/// A point (x : y : z) in homogeneous coordinates; (0 : 1 : 0) is the point at infinity.
#[derive(Clone, Copy)]
pub(super) struct Point {
    domain: &'static Domain,
    x: Residue,
    y: Residue,
    z: Residue,
}

impl Point {
    /// The point at infinity, the zero of the addition.
    pub(super) fn infinity(domain: &'static Domain) -> Self {
        let (zero, one) = (Residue::zero(&domain.p), Residue::one(&domain.p));
        Self { domain, x: zero, y: one, z: zero }
    }

    /// The base point.
    pub(super) fn base(domain: &'static Domain) -> Self {
        let (x, y) = domain.base;
        Self { domain, x, y, z: Residue::one(&domain.p) }
    }

    /// The point with these coordinates, if it is one of the curve's group of prime order.
    pub(super) fn from_affine(domain: &'static Domain, x: &U256, y: &U256) -> Option<Self> {
        let p: &U256 = domain.p.modulus().as_ref();
        if x >= p || y >= p {
            return None;
        }
        let point = Self::of_group(domain, x, y);
        let Self { x, y, .. } = point;
        let right = x.square().add(&domain.a).mul(&x).add(&domain.b);
        (y.square() == right && point.mul(domain.order()).is_infinity()).then_some(point)
    }

    /// The point with coordinates that are known to belong to the group.
    pub(super) fn of_group(domain: &'static Domain, x: &U256, y: &U256) -> Self {
        let (x, y) = (Residue::new(x, &domain.p), Residue::new(y, &domain.p));
        Self { domain, x, y, z: Residue::one(&domain.p) }
    }

    /// The affine coordinates; `None` at infinity.
    pub(super) fn to_affine(self) -> Option<(U256, U256)> {
        let inverse = self.z.invert().into_option()?;
        Some((self.x.mul(&inverse).retrieve(), self.y.mul(&inverse).retrieve()))
    }

    /// Whether it is the point at infinity.
    ///
    /// The sum of two points that differ by one of order two comes out as (0 : 0 : 0), which is
    /// no point: so y is asked too. In the group of prime order there is no such pair.
    fn is_infinity(&self) -> bool {
        let zero = Residue::zero(&self.domain.p);
        self.x == zero && self.y != zero && self.z == zero
    }

    /// The sum, by the complete formulas of Renes, Costello and Batina (2016) for y² = x³ + ax + b:
    /// the same steps for different points, equal points and infinity.
    pub(super) fn add(&self, other: &Self) -> Self {
        let Domain { a, b, .. } = self.domain;
        let triple = |value: &Residue| value.double().add(value);
        let b3 = triple(b);

        let xx = self.x.mul(&other.x);
        let yy = self.y.mul(&other.y);
        let zz = self.z.mul(&other.z);
        // (s + t)(s' + t') − ss' − tt' is the sum of the cross products for one multiplication.
        let xy = self.x.add(&self.y).mul(&other.x.add(&other.y)).sub(&xx).sub(&yy);
        let xz = self.x.add(&self.z).mul(&other.x.add(&other.z)).sub(&xx).sub(&zz);
        let yz = self.y.add(&self.z).mul(&other.y.add(&other.z)).sub(&yy).sub(&zz);

        let azz = a.mul(&zz);
        let shift = a.mul(&xz).add(&b3.mul(&zz));
        let (minus, plus) = (yy.sub(&shift), yy.add(&shift));
        let slope = triple(&xx).add(&azz);
        let rest = a.mul(&xx.sub(&azz)).add(&b3.mul(&xz));
        Self {
            domain: self.domain,
            x: xy.mul(&minus).sub(&yz.mul(&rest)),
            y: plus.mul(&minus).add(&slope.mul(&rest)),
            z: yz.mul(&plus).add(&xy.mul(&slope)),
        }
    }

    /// The multiple of this point, in the same time for every scalar: four bits at a step, each
    /// of the sixteen multiples read whichever is wanted.
    pub(super) fn mul(&self, scalar: &U256) -> Self {
        let mut next = Self::infinity(self.domain);
        let multiples: [Self; 16] = std::array::from_fn(|_| {
            let multiple = next;
            next = next.add(self);
            multiple
        });
        let mut sum = Self::infinity(self.domain);
        for byte in scalar.to_be_bytes().as_ref() {
            for wanted in [byte >> 4, byte & 0x0f] {
                for _ in 0..4 {
                    sum = sum.add(&sum);
                }
                let mut chosen = Self::infinity(self.domain);
                for (multiple, number) in multiples.iter().zip(0_u8..) {
                    let choice = number.ct_eq(&wanted);
                    chosen.x.ct_assign(&multiple.x, choice);
                    chosen.y.ct_assign(&multiple.y, choice);
                    chosen.z.ct_assign(&multiple.z, choice);
                }
                sum = sum.add(&chosen);
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gost::Curve;

    #[test]
    fn the_base_point_lies_on_its_curve_and_has_its_order() {
        for curve in Curve::ALL {
            let domain = curve.domain();
            let (x, y) = domain.base;
            let base = Point::from_affine(domain, &x.retrieve(), &y.retrieve());
            assert!(base.is_some(), "{curve:?}");
            assert!(Point::base(domain).mul(domain.order()).to_affine().is_none(), "{curve:?}");
        }
    }

    #[test]
    fn multiples_are_repeated_sums() {
        for curve in Curve::ALL {
            let base = Point::base(curve.domain());
            let mut sum = Point::infinity(curve.domain());
            for times in 0_u32..40 {
                let multiple = base.mul(&U256::from(times));
                assert_eq!(multiple.to_affine(), sum.to_affine(), "{curve:?} × {times}");
                sum = sum.add(&base);
            }
        }
    }

    #[test]
    fn one_less_than_the_order_is_the_opposite_point() {
        for curve in Curve::ALL {
            let domain = curve.domain();
            let (x, y) = domain.base;
            let opposite = Point::base(domain).mul(&domain.order().wrapping_sub(&U256::ONE));
            assert_eq!(opposite.to_affine(), Some((x.retrieve(), y.neg().retrieve())), "{curve:?}");
        }
    }

    #[test]
    fn a_point_beside_the_curve_is_refused() {
        for curve in Curve::ALL {
            let domain = curve.domain();
            let (x, y) = (domain.base.0.retrieve(), domain.base.1.retrieve());
            let p: &U256 = domain.p.modulus().as_ref();
            let beside = [
                (x, y.wrapping_add(&U256::ONE)),
                (x.wrapping_add(&U256::ONE), y),
                (x.wrapping_add(p), y),
                (U256::ZERO, U256::ZERO),
            ];
            for (x, y) in beside {
                assert!(Point::from_affine(domain, &x, &y).is_none(), "{curve:?} {x} {y}");
            }
        }
    }
}
