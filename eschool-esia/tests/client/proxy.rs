//! The proxy that the machine is set to. It is read from the environment, which a test cannot
//! change under the others, so a process of its own signs in.

use std::{
    env,
    io::{ErrorKind, Read as _},
    net::TcpListener,
    process::Command,
};

use eschool_core::error::CodedError as _;
use eschool_esia::client::Endpoints;

use crate::scene::{Scene, client, settings, sign_in};

const SETTING: &str = "ESIA_TEST_USE_SYSTEM_PROXY";

#[test]
fn a_proxy_is_used_for_https_alone_and_only_by_a_setting() {
    for (setting, used) in [("no", false), ("yes", true)] {
        let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", proxy.local_addr().unwrap());
        let mut other = Command::new(env::current_exe().unwrap());
        other.args(["--ignored", "--exact", "proxy::a_process_beside_a_proxy_signs_in"]);
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            other.env(name, &address).env(name.to_lowercase(), &address);
        }
        other.env_remove("NO_PROXY").env_remove("no_proxy").env(SETTING, setting);
        let done = other.output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(done.status.success() && said.contains("1 passed"), "{setting}: {said}");

        proxy.set_nonblocking(true).unwrap();
        match proxy.accept() {
            Ok((mut stream, _)) => {
                let mut first = [0; 22];
                stream.set_nonblocking(false).unwrap();
                stream.read_exact(&mut first).unwrap();
                assert_eq!(String::from_utf8_lossy(&first), "CONNECT 127.0.0.1:443 ");
                assert!(used, "the proxy was asked");
            }
            Err(error) => assert!(!used && error.kind() == ErrorKind::WouldBlock, "{error}"),
        }
        assert!(proxy.accept().is_err(), "the proxy was asked twice");
    }
}

#[tokio::test]
#[ignore = "run by the test above in a process of its own"]
async fn a_process_beside_a_proxy_signs_in() {
    fn change(settings: &mut eschool_esia::client::EsiaSettings) {
        settings.use_system_proxy = env::var(SETTING).is_ok_and(|setting| setting == "yes");
        settings.timeout_seconds = 1;
    }
    let here = Scene { settings: Box::new(change), ..Scene::good() }.play().await;
    assert!(here.result.is_ok(), "{:?}", here.result);

    let mut settings = settings(Endpoints::at(&"https://127.0.0.1".parse().unwrap()));
    change(&mut settings);
    let code = sign_in(&client(settings)).await.unwrap_err().code();
    assert!(["esia_unreachable", "esia_timed_out"].contains(&code), "{code}");
}
