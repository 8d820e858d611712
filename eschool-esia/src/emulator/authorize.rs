//! A request for a sign-in: judged, kept until somebody says who they are, answered with a code.

use url::Url;

use super::{
    ClientSystem, Emulator, Interface, RefusalCode, TestPerson,
    challenge::Challenge,
    check,
    fault::Fault,
    filter::{PersonFilter, may_enter},
    inject::Twist,
    memory::{Digest, IssuedCode, Session, SignInRequest, later},
    parameters::Parameters,
    reason::{ClientReason, OwnReason, ParameterReason, PersonReason},
    secret::Signed,
    tokens::Issuing,
};

/// What a request for a sign-in must have; at today's interface also the certificate's hash.
const MANDATORY: [&str; 8] = [
    "client_id",
    "client_secret",
    "redirect_uri",
    "scope",
    "response_type",
    "state",
    "timestamp",
    "access_type",
];

/// How a request for a sign-in is refused.
pub(super) enum Refused {
    /// On a page: whoever sent it may not be who they say, so nobody is sent anywhere.
    Here(Fault),
    /// By sending the person back with the code.
    There {
        /// Where to, with the answer in the query.
        back: Box<Url>,
        /// Why.
        fault: Fault,
    },
}

impl Emulator {
    /// Judges a request for a sign-in.
    pub(super) fn judge_sign_in(
        &self,
        interface: Interface,
        parameters: &Parameters,
    ) -> Result<SignInRequest, Refused> {
        let client = check::client(self, parameters).map_err(Refused::Here)?;
        let redirect =
            check::redirect(client, parameters, "redirect_uri").map_err(Refused::Here)?;
        self.judge_fields(interface, client, &redirect, parameters).map_err(|fault| {
            let state = parameters.once("state").ok().flatten();
            Refused::There { back: Box::new(refusal(redirect, &fault, state)), fault }
        })
    }

    fn judge_fields(
        &self,
        interface: Interface,
        client: &ClientSystem,
        redirect: &Url,
        parameters: &Parameters,
    ) -> Result<SignInRequest, Fault> {
        parameters.none_repeated()?;
        for name in MANDATORY {
            parameters.needed(name)?;
        }
        check::interface(client, interface)?;
        let state = check::state(parameters)?;
        if parameters.needed("response_type")? != "code" {
            let reason = ParameterReason::Not { name: "response_type", right: "code" };
            return Err(Fault::new(RefusalCode::RESPONSE_TYPE, reason));
        }
        let offline = match parameters.needed("access_type")? {
            "online" => false,
            "offline" if client.offline => true,
            "offline" => {
                return Err(Fault::new(RefusalCode::PERMISSION, ClientReason::OfflineForbidden));
            }
            _ => {
                return Err(Fault::new(RefusalCode::PARAMETER, ParameterReason::AccessType));
            }
        };
        let scopes = check::scopes(client, parameters)?;
        let filter = PersonFilter::read(parameters)?;
        let challenge = Challenge::read(client, parameters)?;
        match interface {
            Interface::V3 => {
                check::certificate_hash(client, parameters)?;
                check::signature(self, client, parameters, &Signed::AUTHORIZE)?;
            }
            Interface::Legacy => check::signature(self, client, parameters, &Signed::LEGACY)?,
        }
        let twist = Twist::now();
        if let Some(code) = twist.refuse {
            return Err(Fault::new(code, OwnReason::Injected));
        }
        Ok(SignInRequest {
            client: client.mnemonic.clone(),
            interface,
            redirect: redirect.clone(),
            redirect_uri: parameters.needed("redirect_uri")?.into(),
            state: state.into(),
            scopes,
            challenge,
            offline,
            filter,
            state_twice: twist.state_twice,
        })
    }

    /// Keeps a request until somebody says who they are; gives back its name.
    pub(super) fn keep_waiting(&self, request: SignInRequest) -> String {
        let name = self.random_name();
        self.memory().waiting.put(self.now(), name.clone(), request);
        name
    }

    /// Signs somebody in at the emulator; gives back the name of the session.
    pub(super) fn sign_in(&self, person: &TestPerson) -> (String, Session) {
        let now = self.now();
        let session = Session { oid: person.oid, since: now };
        let name = self.random_name();
        self.memory().sessions.put(now, name.clone(), session);
        (name, session)
    }

    /// Who is signed in at the emulator under this name.
    pub(super) fn session(&self, name: Option<&str>) -> Option<Session> {
        self.memory().sessions.get(self.now(), &name?.to_owned()).copied()
    }

    /// Forgets who is signed in under this name.
    pub(super) fn sign_out(&self, name: Option<&str>) {
        if let Some(name) = name {
            self.memory().sessions.take(self.now(), &name.to_owned());
        }
    }

    /// Where the person goes, with a code or with the reason why there is none.
    pub(super) fn answered(
        &self,
        request: SignInRequest,
        session: Session,
        person: &TestPerson,
    ) -> Result<Url, Refused> {
        let client = self.client(&request.client);
        let gone = || Refused::Here(Fault::new(RefusalCode::INTERNAL, ClientReason::Unknown));
        let client = client.ok_or_else(gone)?;
        if let Err(fault) = may_enter(client, request.filter, person) {
            let back = self.sent_back(&request, &fault);
            return Err(Refused::There { back: Box::new(back), fault });
        }
        self.granted(client, request, session, person).map_err(Refused::Here)
    }

    fn granted(
        &self,
        client: &ClientSystem,
        request: SignInRequest,
        session: Session,
        person: &TestPerson,
    ) -> Result<Url, Fault> {
        let sid = self.settings().ambient.uuid().to_string();
        let issuing = Issuing {
            emulator: self,
            client,
            request: &request,
            session: &session,
            person,
            sid: &sid,
            now: self.told_now(),
        };
        let code = issuing.code()?;
        let mut back = request.redirect.clone();
        back.query_pairs_mut().append_pair("code", &code).append_pair("state", &request.state);
        self.say_state_again(&request, &mut back);
        let now = self.now();
        let expires = later(now, self.settings().lifetimes.code);
        let issued = IssuedCode { request, session, sid, expires, token: None };
        self.memory().codes.put(now, Digest::of(&code), issued);
        Ok(back)
    }

    /// Where the person goes who refused.
    pub(super) fn denied(&self, request: &SignInRequest) -> Url {
        let fault = Fault::new(RefusalCode::DENIED, PersonReason::Refused);
        self.sent_back(request, &fault)
    }

    /// Where the person goes whose request was right, and who is refused.
    fn sent_back(&self, request: &SignInRequest, fault: &Fault) -> Url {
        let mut back = refusal(request.redirect.clone(), fault, Some(&request.state));
        self.say_state_again(request, &mut back);
        back
    }

    /// Says another state beside the right one, where that was ordered.
    fn say_state_again(&self, request: &SignInRequest, back: &mut Url) {
        if request.state_twice {
            let other = self.settings().ambient.uuid().to_string();
            back.query_pairs_mut().append_pair("state", &other);
        }
    }
}

/// An address with the refusal in its query.
pub(super) fn refusal(mut back: Url, fault: &Fault, state: Option<&str>) -> Url {
    let mut query = back.query_pairs_mut();
    query
        .append_pair("error", fault.code.error())
        .append_pair("error_description", &fault.code.description());
    if let Some(state) = state {
        query.append_pair("state", state);
    }
    drop(query);
    back
}
