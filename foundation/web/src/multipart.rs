//! A form with photos, read part by part: texts into the form, each photo at once through the re-encoder into the file store, so
//! that one photo at a time is in memory. The form's token comes first and is checked before the first photo is read.

use crate::{City, Form, Trouble, Upload, token, words};
use axum::{
    body::Body,
    extract::{FromRequest, Multipart, Request, multipart::MultipartError},
};
use http_body_util::LengthLimitError;
use kernel::Lang;

/// Bytes of one text field.
const TEXT: usize = 32 << 10;
/// Bytes of one photo.
const PHOTO: usize = 20 << 20;
/// Parts of one form.
const PARTS: usize = 200;
/// Photos of one form that are read at all.
const PHOTOS: usize = 12;
/// Photos of one address within a minute, counted before each is read (decision 0103).
const PHOTOS_A_MINUTE: u32 = 60;

pub async fn read(city: &City, request: Request<Body>, secret: &str, lang: Lang) -> Result<Form, Trouble> {
    let address = crate::sender::address(city, request.extensions(), request.headers()).filter(|_| city.settings.limits);
    let mut parts = Multipart::from_request(request, city).await.map_err(|_| unreadable())?;
    let mut form = Form::default();
    let (mut seen, mut photos) = (0, 0);
    while let Some(mut part) = parts.next_field().await.map_err(cut)? {
        seen += 1;
        if seen > PARTS {
            return Err(Trouble::refusal(400, words::too_many_fields));
        }
        let name = part.name().ok_or_else(unreadable)?.to_owned();
        let is_file = part.file_name().is_some();
        if is_file && !token::holds(&city.form_key, secret, form.raw("token")) {
            return Err(Trouble::refusal(403, words::form_is_old));
        }
        let most = if is_file { PHOTO } else { TEXT };
        let (mut bytes, mut length, mut busy) = (Vec::new(), 0, false);
        while let Some(piece) = part.chunk().await.map_err(cut)? {
            // A browser sends an empty part when no photo was chosen. One too many is passed over: the words that come with it still count.
            if is_file && length == 0 && !piece.is_empty() {
                busy = address.is_some_and(|address| !city.limiter.admits("photo", address, PHOTOS_A_MINUTE, city.now()));
            }
            length += piece.len();
            if length > most {
                return Err(Trouble::refusal(413, words::too_large));
            }
            if !busy {
                bytes.extend_from_slice(&piece);
            }
        }
        if !is_file {
            form.add(name, &String::from_utf8(bytes).map_err(|_| unreadable())?)?;
        } else if length > 0 {
            photos += 1;
            if photos > PHOTOS {
                return Err(Trouble::refusal(400, words::too_many_fields));
            }
            if busy {
                form.pictures.push(Upload { field: name, picture: Err(words::pictures_busy(lang).to_owned()), busy });
                continue;
            }
            let (picture, busy) = match city.files.put_picture(bytes).await {
                Ok(stored) => (Ok(stored), false),
                Err(files::Error::Picture(pictures::Refusal::Busy)) => (Err(words::pictures_busy(lang).to_owned()), true),
                Err(files::Error::Picture(refusal)) => (Err(refusal.text(lang).to_owned()), false),
                Err(other) => return Err(other.into()),
            };
            form.pictures.push(Upload { field: name, picture, busy });
        }
    }
    Ok(form)
}

fn unreadable() -> Trouble {
    Trouble::refusal(400, words::unreadable)
}

fn cut(why: MultipartError) -> Trouble {
    let mut cause: Option<&dyn std::error::Error> = Some(&why);
    let mut large = why.status() == 413;
    while let Some(inner) = cause {
        large |= inner.is::<LengthLimitError>();
        cause = inner.source();
    }
    if large { Trouble::refusal(413, words::too_large) } else { unreadable() }
}
