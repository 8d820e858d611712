//! Keys, raw signatures and certificates.

use eschool_esia::{
    gost::{Certificate, Curve, PrivateKey, PublicKey, Signature},
    signer::{GostSigner, Signer as _},
};

use crate::stand::{MESSAGE, OpenSsl, PARAMETER_SETS, certificate, key};

#[test]
#[ignore = "needs OpenSSL's gost engine: cargo xtask test --only gost"]
fn openssl_verifies_what_we_sign() {
    let openssl = OpenSsl::new();
    openssl.write("message", MESSAGE);
    openssl.write("other", b"another message");
    for curve in Curve::ALL {
        let key = key(curve);
        openssl.write("public.der", key.public_key().to_spki_der().unwrap());
        openssl.write("signature", key.sign(MESSAGE).as_bytes());
        let verify = "dgst -md_gost12_256 -keyform DER -verify public.der -signature signature";
        openssl.must(&format!("{verify} message"));
        assert!(openssl.run(&format!("{verify} other")).is_err(), "{curve:?}");
    }
}

#[test]
#[ignore = "needs OpenSSL's gost engine: cargo xtask test --only gost"]
fn we_read_keys_of_openssl_and_verify_what_it_signs() {
    let openssl = OpenSsl::new();
    openssl.write("message", MESSAGE);
    for (name, curve) in PARAMETER_SETS {
        openssl.must(&format!(
            "genpkey -algorithm gost2012_256 -pkeyopt paramset:{name} -out private.pem"
        ));
        let public = openssl.must("pkey -in private.pem -pubout -outform DER");
        let public = PublicKey::from_spki_der(&public).unwrap();
        assert_eq!(public.curve(), curve, "{name}");

        let private = PrivateKey::from_pkcs8_pem(&openssl.read("private.pem")).unwrap();
        assert_eq!(private.public_key(), public, "{name}");

        let signature = openssl.must("dgst -md_gost12_256 -sign private.pem message");
        let signature = Signature::from_slice(&signature).unwrap();
        assert_eq!(public.verify(MESSAGE, &signature), Ok(()), "{name}");
        assert!(public.verify(b"another message", &signature).is_err(), "{name}");
    }
}

#[test]
#[ignore = "needs OpenSSL's gost engine: cargo xtask test --only gost"]
fn openssl_reads_our_private_keys() {
    let openssl = OpenSsl::new();
    for curve in Curve::ALL {
        let key = key(curve);
        openssl.write("private.pem", key.to_pkcs8_pem().unwrap().as_bytes());
        let public = openssl.must("pkey -in private.pem -pubout -outform DER");
        assert_eq!(public, key.public_key().to_spki_der().unwrap(), "{curve:?}");
        let written = openssl.must("pkey -in private.pem");
        assert_eq!(written, key.to_pkcs8_pem().unwrap().as_bytes(), "{curve:?}");
    }
}

#[test]
#[ignore = "needs OpenSSL's gost engine: cargo xtask test --only gost"]
fn openssl_reads_our_certificates_and_verifies_their_signature() {
    let openssl = OpenSsl::new();
    let verify = "verify -check_ss_sig -CAfile certificate.pem certificate.pem";
    for curve in Curve::ALL {
        let key = key(curve);
        let certificate = certificate(&key);
        openssl.write("certificate.pem", certificate.to_pem().unwrap());
        openssl.must(verify);
        let fields = "x509 -in certificate.pem -noout -subject -serial -startdate -enddate \
                      -nameopt utf8,sep_comma_plus";
        let fields = String::from_utf8(openssl.must(fields)).unwrap();
        let expected = "\
subject=CN=Школа № 7, Рязань
serial=A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5
notBefore=Jan  1 00:00:00 2020 GMT
notAfter=Dec 31 23:59:59 2069 GMT
";
        assert_eq!(fields, expected, "{curve:?}");

        let mut forged = certificate.as_der().to_vec();
        *forged.last_mut().unwrap() ^= 1;
        let forged = Certificate::from_der(&forged).unwrap();
        openssl.write("certificate.pem", forged.to_pem().unwrap());
        let complaint = openssl.run(verify).unwrap_err();
        assert!(complaint.contains("certificate signature failure"), "{complaint}");
    }
}

#[test]
#[ignore = "needs OpenSSL's gost engine: cargo xtask test --only gost"]
fn we_read_certificates_of_openssl_and_hash_them_alike() {
    let openssl = OpenSsl::new();
    for (name, _) in PARAMETER_SETS {
        openssl.must(&format!(
            "req -x509 -newkey gost2012_256 -pkeyopt paramset:{name} -nodes -md_gost12_256 \
             -subj /CN=eschool -days 30 -keyout private.pem -out certificate.pem"
        ));
        openssl.must("x509 -in certificate.pem -outform DER -out certificate.der");
        let digest = openssl.must("dgst -md_gost12_256 -r certificate.der");
        let digest = String::from_utf8(digest).unwrap();
        let (digest, _) = digest.split_once(' ').unwrap();

        let certificate = Certificate::from_pem(&openssl.read("certificate.pem")).unwrap();
        assert_eq!(certificate.hash(), digest.to_uppercase(), "{name}");
        let days = (certificate.not_after() - certificate.not_before()).num_days();
        assert_eq!(days, 30, "{name}");
        let signer =
            GostSigner::read(&openssl.read("private.pem"), &openssl.read("certificate.pem"));
        assert_eq!(signer.unwrap().certificate(), &certificate, "{name}");
    }
}
