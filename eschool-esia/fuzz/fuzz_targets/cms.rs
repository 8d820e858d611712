//! A detached signature: nothing holds but what a key signed.
#![no_main]

use std::sync::LazyLock;

use eschool_esia::{certificate::Certificate, cms};

/// Of the keys that signed the seeds, over «openid».
static SIGNERS: LazyLock<[Certificate; 2]> = LazyLock::new(|| {
    [include_str!("../keys/rsa.pem"), include_str!("../keys/gost.pem")]
        .map(|pem| Certificate::from_pem(pem).expect("a certificate"))
});

libfuzzer_sys::fuzz_target!(|der: &[u8]| {
    let holds = |message: &[u8]| SIGNERS.iter().any(|one| cms::verify(der, message, one).is_ok());
    holds(b"openid");
    assert!(!holds(b"nobody signed this"), "a signature holds that nobody made");
});
