//! Answers that say nothing: a connection that breaks off, an overloaded server, a page.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use hyper::body::Frame;

/// A body that cannot be sent: the server gives the connection up before it has sent the head.
pub(in crate::emulator) struct Broken;

impl hyper::body::Body for Broken {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())))
    }
}

impl IntoResponse for Broken {
    fn into_response(self) -> Response {
        Response::new(Body::new(self))
    }
}

/// 503, as a server under load answers it.
pub(in crate::emulator) fn overloaded() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "30")], "Service Unavailable")
        .into_response()
}

/// A page where JSON or a redirect was awaited.
pub(in crate::emulator) fn page(status: u16) -> Response {
    const PAGE: &str = "<!doctype html>\n<html lang=\"ru\"><head><meta charset=\"utf-8\">\
        <title>Ошибка</title></head><body><h1>Ошибка</h1><p>Сервис временно недоступен \
        (сбой включён в эмуляторе).</p></body></html>\n";
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (status, kind, PAGE).into_response()
}
