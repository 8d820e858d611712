//! OpenSSL as the program that signs.

use eschool_esia::{
    certificate::Certificate,
    signer::{CommandSigner, Outside, SignatureForm, Signer as _},
};

use crate::stand::{MESSAGE, OpenSsl};

#[tokio::test]
#[ignore = "needs OpenSSL's gost engine: cargo xtask test --only gost"]
async fn openssl_signs_as_a_command_raw_and_cms() {
    let openssl = OpenSsl::new();
    openssl.must(
        "req -x509 -newkey gost2012_256 -pkeyopt paramset:A -nodes -md_gost12_256 -subj \
         /CN=eschool -days 30 -keyout private.pem -out certificate.pem",
    );
    let certificate = Certificate::from_pem(&openssl.read("certificate.pem")).unwrap();
    let configured = format!("OPENSSL_CONF={}", openssl.path("openssl.cnf").display());
    let [key, own] = ["private.pem", "certificate.pem"]
        .map(|name| openssl.path(name).to_str().unwrap().to_owned());
    let raw = vec!["dgst", "-md_gost12_256", "-sign", &key];
    let cms =
        vec!["cms", "-sign", "-binary", "-md", "md_gost12_256", "-signer", &own, "-inkey", &key];
    let der = [cms.clone(), vec!["-outform", "DER"]].concat();
    let pem = [cms, vec!["-outform", "PEM"]].concat();
    for (arguments, form) in
        [(raw, SignatureForm::Raw), (der, SignatureForm::Cms), (pem, SignatureForm::Cms)]
    {
        let argv = ["env", &configured, "openssl"].into_iter().chain(arguments);
        let outside = Outside { form, ..Outside::new(certificate.clone()) };
        let signer = CommandSigner::new(argv.map(Into::into).collect(), outside).unwrap();
        // The signer itself holds what it gets against the certificate.
        signer.sign(MESSAGE).await.unwrap();
    }
}
