//! What is typed stays, what cannot be read is refused, photos come in re-encoded.

use crate::world::{Answer, FORM, OURS, World, request};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};

struct Browser<'a> {
    world: &'a World,
    token: String,
    key: String,
    cookie: String,
}

impl<'a> Browser<'a> {
    async fn at_the_form(world: &'a World) -> Self {
        let page = world.get("/form").await;
        Self { world, token: page.hidden("token"), key: page.hidden("key"), cookie: page.cookies()[0].clone() }
    }

    async fn sends(&self, rest: &[u8]) -> Answer {
        let mut body = format!("token={}&key={}&", self.token, self.key).into_bytes();
        body.extend_from_slice(rest);
        self.world
            .ask(request(Method::POST, "/form", &[OURS, FORM, ("cookie", &self.cookie)]).body(Body::from(body)).unwrap())
            .await
    }

    async fn sends_parts(&self, parts: &[(&str, Option<&str>, &[u8])]) -> Answer {
        let kind = ("content-type", "multipart/form-data; boundary=XX");
        self.world
            .ask(
                request(Method::POST, "/form", &[OURS, kind, ("cookie", &self.cookie)])
                    .body(Body::from(multipart(parts)))
                    .unwrap(),
            )
            .await
    }
}

fn multipart(parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        body.extend(format!("--XX\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--XX--\r\n");
    body
}

fn photo(red: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(40, 30, image::Rgb([red, 20, 20])).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn a_good_form_leads_on_and_says_a_word_once() {
    let world = World::plain();
    let lan = Browser::at_the_form(&world).await;
    let answer = lan.sends("text=Ổ+gà".as_bytes()).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/"));
    let flash = answer.cookies()[0].clone();
    let page = world.get_with("/", &[("cookie", &flash)]).await;
    assert!(page.text().contains("Đã nhận &lt;b&gt;Ổ gà&lt;/b&gt; với 0 ảnh."), "{}", page.text());
    assert_eq!(page.cookies(), ["songhan-flash="], "it is said once");
    let forged = world.get_with("/", &[("cookie", "songhan-flash=c3.00")]).await;
    assert!(!forged.text().contains("role=\"status\""));
}

#[tokio::test]
async fn our_script_learns_where_to_go_without_losing_the_word() {
    let world = World::plain();
    let lan = Browser::at_the_form(&world).await;
    let body = format!("token={}&key={}&text=a", lan.token, lan.key);
    let answer = world
        .ask(
            request(Method::POST, "/form", &[OURS, FORM, ("cookie", &lan.cookie), ("x-see", "1")])
                .body(Body::from(body))
                .unwrap(),
        )
        .await;
    assert_eq!((answer.status, answer.header("x-see")), (StatusCode::OK, "/"));
    assert_eq!(answer.cookies().len(), 1);
}

#[tokio::test]
async fn a_wrong_form_comes_back_with_all_that_was_typed_and_its_key() {
    let world = World::plain();
    let lan = Browser::at_the_form(&world).await;
    let long = "<script>alert(1)</script>&text2=x";
    let answer = lan.sends(format!("text={}", long.replace('<', "%3C").replace('>', "%3E")).as_bytes()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text();
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !page.contains("<script>alert"), "{page}");
    assert!(page.contains("<title>Có 1 chỗ cần sửa: Biểu mẫu"), "{page}");
    assert!(page.contains("href=\"#text\"") && page.contains("aria-describedby=\"text-error\""));
    assert_eq!(answer.hidden("key"), lan.key);
    assert_ne!(answer.hidden("token"), lan.token, "the mask is new, and the token holds");
    let again = Browser { token: answer.hidden("token"), key: lan.key.clone(), ..lan };
    assert_eq!(again.sends(b"text=a").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn bytes_that_are_no_text_are_refused_in_words() {
    let world = World::plain();
    let lan = Browser::at_the_form(&world).await;
    for bad in [&b"text=%ff%fe"[..], b"text=a%00b", b"text=\xc3\x28", b"text=%ED%A0%80", b"text=%"] {
        let answer = lan.sends(bad).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{bad:?}");
        assert!(answer.text().contains("Máy chủ không đọc được"));
    }
    for bad in ["/?q=%ff", "/?q=%00&lang=vi", "/a/%ff"] {
        let answer = world.get(bad).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{bad}");
        assert!(answer.text().contains("Có chỗ trong địa chỉ này không đọc được"), "{bad}: {}", answer.text());
    }
    let english = world.get("/?q=%ff&lang=en").await.text();
    assert!(english.contains("Part of this address cannot be read"), "the language of the address is kept: {english}");
    assert_eq!(
        lan.sends_parts(&[("token", None, lan.token.as_bytes()), ("text", None, b"\xff")]).await.status,
        StatusCode::BAD_REQUEST
    );
    let turned = lan.sends("text=a%E2%80%AEb".as_bytes()).await;
    assert_eq!(turned.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn too_much_of_anything_is_refused_at_once() {
    let world = World::plain();
    let lan = Browser::at_the_form(&world).await;
    assert_eq!(lan.sends(&vec![b'a'; 10 << 20]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(lan.sends("x=1&".repeat(12_000).as_bytes()).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(world.get(&format!("/?{}", "x=1&".repeat(5_000))).await.status, StatusCode::BAD_REQUEST);
    let token = ("token", None, lan.token.as_bytes());
    let many: Vec<_> = std::iter::once(token).chain((0..3_000).map(|_| ("x", None, &b"1"[..]))).collect();
    assert_eq!(lan.sends_parts(&many).await.status, StatusCode::BAD_REQUEST);
    let large = vec![b'a'; 40 << 10];
    assert_eq!(lan.sends_parts(&[token, ("text", None, &large)]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let whole = vec![0; 400_000];
    assert_eq!(lan.sends_parts(&[token, ("photos", Some("a.png"), &whole)]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_photo_comes_in_and_stays_when_the_form_comes_back() {
    let world = World::plain();
    let lan = Browser::at_the_form(&world).await;
    let (first, second, third) = (photo(10), photo(120), photo(240));
    let (token, key) = (("token", None, lan.token.as_bytes()), ("key", None, lan.key.as_bytes()));
    let answer = lan.sends_parts(&[token, key, ("text", None, b""), ("photos", Some("../../a.png"), &first)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let kept = answer.hidden("kept-photos");
    let hash = files::Hash::parse(kept.split('.').next().unwrap()).unwrap();
    assert_eq!(world.city.files.read_now(&hash).unwrap().unwrap()[..3], [0xff, 0xd8, 0xff], "it was made a JPEG");
    let answer = lan
        .sends_parts(&[
            token,
            key,
            ("text", None, b"a"),
            ("kept-photos", None, kept.as_bytes()),
            ("photos", Some("b.png"), &second),
        ])
        .await;
    let flash = answer.cookies()[0].clone();
    assert!(world.get_with("/", &[("cookie", &flash)]).await.text().contains("với 2 ảnh"));
    let forged = format!("{}.{}.{}", files::Hash::of(b"x"), files::Hash::of(b"y"), "0".repeat(32));
    let answer = lan.sends_parts(&[token, key, ("text", None, b"a"), ("kept-photos", None, forged.as_bytes())]).await;
    assert!(
        world.get_with("/", &[("cookie", &answer.cookies()[0])]).await.text().contains("với 0 ảnh"),
        "nobody attaches what he was not given"
    );
    let answer = lan
        .sends_parts(&[
            token,
            key,
            ("text", None, b"a"),
            ("photos", Some("a"), &first),
            ("photos", Some("b"), &second),
            ("photos", Some("c"), &third),
        ])
        .await;
    assert!(answer.text().contains("Tối đa 2 ảnh"));
    let answer = lan.sends_parts(&[token, key, ("text", None, b"a"), ("photos", Some("a.svg"), b"<svg onload=alert(1)>")]).await;
    assert!(answer.text().contains("JPEG, PNG hoặc WebP"), "{}", answer.text());
}

#[tokio::test]
async fn no_photo_is_read_before_the_token_is_known() {
    let world = World::plain();
    let lan = Browser::at_the_form(&world).await;
    let bytes = photo(1);
    let answer = lan.sends_parts(&[("photos", Some("a.png"), &bytes), ("token", None, lan.token.as_bytes())]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(world.city.files.all().unwrap().is_empty());
}
