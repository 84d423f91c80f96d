//! The drawing itself: lines are smoothed, cut to the picture, thinned, and written as paths; names find a place where they cover nothing.

use crate::geometry::{Xy, segments, to_segment, within};
use crate::locate::Across;
use crate::map::{Map, Pin, Shape};
use crate::{Places, View, words};
use kernel::{Both, Point};
use pack::{Figure, PlaceKind};
use std::fmt::Write;

/// Lines beyond the picture by so many pixels are still drawn, so that no end shows.
const MARGIN: f64 = 40.0;
/// More names than this make a map no clearer.
const MOST_NAMES: usize = 70;

/// What is drawn, in the order of drawing.
#[derive(Debug)]
pub(crate) struct Layers {
    features: Vec<Feature>,
}

#[derive(Debug)]
struct Feature {
    kind: Figure,
    name: Option<Both>,
    points: Vec<Point>,
    /// Whether its end joins its beginning.
    closed: bool,
    /// The upper slopes of a hill: a ring within the ring.
    inner: Option<Vec<Point>>,
}

impl Layers {
    pub(crate) fn of(map: &pack::Map) -> Self {
        let feature = |drawn: &pack::Drawn, closed| Feature {
            kind: drawn.kind,
            name: drawn.name.clone(),
            points: drawn.points.clone(),
            closed,
            inner: if drawn.kind == Figure::Hill { upper_slopes(&drawn.points) } else { None },
        };
        let (shapes, lines) =
            (map.shapes.iter().map(|shape| feature(shape, true)), map.lines.iter().map(|line| feature(line, false)));
        let mut features: Vec<Feature> = shapes.chain(lines).filter(|feature| feature.points.len() > 1).collect();
        features.sort_by_key(|feature| feature.kind);
        Self { features }
    }
}

/// A ring around the middle of a hill, as large as lies wholly within it; none in a hill bent so much that there is no such ring.
fn upper_slopes(ring: &[Point]) -> Option<Vec<Point>> {
    let flat: Vec<Xy> = ring.iter().map(|point| Xy::new(point.long, point.lat)).collect();
    let all = Box::of(&flat);
    let spots = (1..16).flat_map(|row| (1..16).map(move |column| (f64::from(column) / 16.0, f64::from(row) / 16.0)));
    let at = spots.map(|(x, y)| Xy::new(all.left + (all.right - all.left) * x, all.top + (all.bottom - all.top) * y));
    let room = |at: Xy| segments(&flat, true).map(|(a, b)| to_segment(at, a, b)).fold(f64::INFINITY, f64::min);
    let middle = at.filter(|at| within(*at, &flat)).max_by(|a, b| room(*a).total_cmp(&room(*b)))?;
    [0.4, 0.5, 0.6, 0.7].into_iter().find_map(|share| {
        let inner: Vec<Xy> = flat.iter().map(|at| at.toward(middle, share)).collect();
        let sound = inner.iter().all(|at| within(*at, &flat));
        sound.then(|| inner.iter().map(|at| Point { lat: at.y, long: at.x }).collect())
    })
}

/// A feature on the picture: smooth, cut and thinned.
struct Drawn<'a> {
    feature: &'a Feature,
    /// The pieces that are seen; a ring has one.
    pieces: Vec<Vec<Xy>>,
}

pub(crate) fn picture(places: &Places, map: &Map<'_>, style: Option<&str>) -> String {
    let view = map.view;
    let (width, height) = (f64::from(view.width), f64::from(view.height));
    let drawn: Vec<Drawn<'_>> = places.layers.features.iter().filter_map(|feature| Drawn::of(feature, &view)).collect();
    let mut out = String::with_capacity(16_384);
    let role = if map.pins.iter().any(|pin| pin.href.is_some()) { "group" } else { "img" };
    let _ = write!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" preserveAspectRatio="xMidYMid slice" role="{role}" aria-label="{}">"#,
        escaped(map.label),
        w = view.width,
        h = view.height,
    );
    if let Some(style) = style {
        let _ = write!(out, "<style>{style}</style>");
    }
    let _ = write!(out, r#"<path class="m-x" d="M0 0H{width}V{height}H0Z"/>"#);
    for kind in [Figure::Sea, Figure::Outline, Figure::Hill, Figure::River, Figure::Coast] {
        ground(&mut out, &drawn, kind, &view);
    }
    border(&mut out, places, &view);
    roads(&mut out, &drawn, &view);
    bridges(&mut out, &drawn, &view);
    let groups = group(map.pins, &view);
    let mut names = Labels::new(width, height);
    for group in &groups {
        names.take(Box::around(group.at, 14.0));
        if group.pins[0].shape == Shape::Chosen {
            names.take(Box::around(Xy::new(group.at.x, group.at.y - 20.0), 16.0));
        }
    }
    for bridge in drawn.iter().filter(|one| one.feature.kind == Figure::Bridge && view.zoom >= 11) {
        bridge.pieces.iter().flat_map(|piece| even_steps(piece, 6.0)).for_each(|at| names.take(Box::around(at, 4.0)));
    }
    names.take(Box { left: 0.0, top: height - 26.0, right: 120.0, bottom: height });
    write_names(&mut names, places, map, &drawn);
    out += &names.out;
    scale_bar(&mut out, &view);
    pins(&mut out, &groups, map);
    out + "</svg>"
}

impl<'a> Drawn<'a> {
    fn of(feature: &'a Feature, view: &View) -> Option<Self> {
        let pieces = match feature.kind {
            // A bridge is straight.
            Figure::Bridge => {
                cut_line(&feature.points.iter().map(|point| view.project(*point)).collect::<Vec<_>>(), &Box::picture(view))
            }
            _ => lines(&feature.points, feature.closed, view),
        };
        (!pieces.is_empty()).then_some(Self { feature, pieces })
    }

    fn path(&self) -> String {
        path(&self.pieces, self.feature.closed)
    }
}

/// What is seen of a line or a ring: smooth, cut and thinned.
fn lines(points: &[Point], closed: bool, view: &View) -> Vec<Vec<Xy>> {
    let (points, picture): (Vec<Xy>, Box) = (points.iter().map(|point| view.project(*point)).collect(), Box::picture(view));
    if points.len() < 2 || !Box::of(&points).meets(&picture) {
        return Vec::new();
    }
    let smooth = smoothed(&points, closed, &picture).concat();
    let pieces = if closed { vec![cut_ring(&smooth, &picture)] } else { cut_line(&smooth, &picture) };
    pieces.into_iter().map(|piece| thinned(&piece)).filter(|piece| piece.len() > 1).collect()
}

fn ground(out: &mut String, drawn: &[Drawn<'_>], kind: Figure, view: &View) {
    for one in drawn.iter().filter(|one| one.feature.kind == kind) {
        let d = one.path();
        let _ = match (kind, one.feature.closed) {
            (Figure::Outline, _) => write!(out, r#"<path class="m-l" d="{d}"/>"#),
            (Figure::Hill, _) => {
                let _ = write!(out, r#"<path class="m-h" d="{d}"/>"#);
                let top = one.feature.inner.iter().flat_map(|inner| lines(inner, true, view)).collect::<Vec<_>>();
                if top.is_empty() { Ok(()) } else { write!(out, r#"<path class="m-h2" d="{}"/>"#, path(&top, true)) }
            }
            (Figure::Coast, _) => write!(out, r#"<path class="m-k" d="{d}"/>"#),
            (Figure::River, false) => {
                write!(out, r#"<path class="m-r" stroke-width="{}" d="{d}"/>"#, number((90.0 / view.metres()).clamp(1.4, 60.0)))
            }
            _ => write!(out, r#"<path class="m-w" d="{d}"/>"#),
        };
    }
}

/// The edge of the city: a border where a neighbour lies across it, a shore around an island. Elsewhere the coast is line enough.
fn border(out: &mut String, places: &Places, view: &View) {
    let picture = Box::picture(view);
    let (mut borders, mut shores): (Vec<Vec<Xy>>, Vec<Vec<Xy>>) = (Vec::new(), Vec::new());
    for feature in places.layers.features.iter().filter(|feature| feature.kind == Figure::Outline) {
        let points: Vec<Xy> = feature.points.iter().map(|point| view.project(*point)).collect();
        if !Box::of(&points).meets(&picture) {
            continue;
        }
        let mut run: (Across, Vec<Xy>) = (Across::Coast, Vec::new());
        let mut end = |(across, line): (Across, Vec<Xy>)| match across {
            Across::Land => borders.extend(cut_line(&line, &picture)),
            Across::Sea => shores.extend(cut_line(&line, &picture)),
            Across::Coast => {}
        };
        for ((from, to), segment) in pairs(&feature.points).zip(smoothed(&points, true, &picture)) {
            let across = places.borders.across_points(places.center, from, to);
            if across != run.0 {
                end(std::mem::replace(&mut run, (across, Vec::new())));
            }
            run.1.extend(segment);
        }
        end(run);
    }
    for (class, pieces) in [("m-k", shores), ("m-e", borders)] {
        let pieces: Vec<Vec<Xy>> = pieces.iter().map(|piece| thinned(piece)).filter(|piece| piece.len() > 1).collect();
        if !pieces.is_empty() {
            let _ = write!(out, r#"<path class="{class}" d="{}"/>"#, path(&pieces, false));
        }
    }
}

fn pairs(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    ring.iter().zip(ring.iter().skip(1).chain(ring.first())).map(|(a, b)| (*a, *b))
}

fn roads(out: &mut String, drawn: &[Drawn<'_>], view: &View) {
    let d: String = drawn.iter().filter(|one| one.feature.kind == Figure::Road).map(Drawn::path).collect();
    if d.is_empty() {
        return;
    }
    let width = (32.0 / view.metres()).clamp(1.7, 18.0);
    let _ = write!(
        out,
        r#"<path class="m-c" stroke-width="{}" d="{d}"/><path class="m-s" stroke-width="{}" d="{d}"/>"#,
        number(width + if width < 3.0 { 1.6 } else { 2.4 }),
        number(width)
    );
}

fn bridges(out: &mut String, drawn: &[Drawn<'_>], view: &View) {
    let d: String = drawn.iter().filter(|one| one.feature.kind == Figure::Bridge).map(Drawn::path).collect();
    if !d.is_empty() && view.zoom >= 11 {
        let _ = write!(out, r#"<path class="m-b" stroke-width="{}" d="{d}"/>"#, number((20.0 / view.metres()).clamp(1.6, 7.0)));
    }
}

// ---- lines ------------------------------------------------------------------------------------------------------------------------

/// A box of pixels.
#[derive(Clone, Copy, Debug)]
struct Box {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Box {
    fn of(points: &[Xy]) -> Self {
        let start = Self { left: f64::INFINITY, top: f64::INFINITY, right: f64::NEG_INFINITY, bottom: f64::NEG_INFINITY };
        points.iter().fold(start, |all, at| Self {
            left: all.left.min(at.x),
            top: all.top.min(at.y),
            right: all.right.max(at.x),
            bottom: all.bottom.max(at.y),
        })
    }

    fn picture(view: &View) -> Self {
        Self { left: -MARGIN, top: -MARGIN, right: f64::from(view.width) + MARGIN, bottom: f64::from(view.height) + MARGIN }
    }

    const fn around(at: Xy, reach: f64) -> Self {
        Self { left: at.x - reach, top: at.y - reach, right: at.x + reach, bottom: at.y + reach }
    }

    fn meets(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    fn holds(&self, at: Xy) -> bool {
        (self.left..=self.right).contains(&at.x) && (self.top..=self.bottom).contains(&at.y)
    }
}

/// Turns sharper than this (as the cosine of the turn) stay corners.
const CORNER: f64 = 0.3;

/// The line through `points` without kinks, one run of positions for each segment: cubic curves whose tangents run along the neighbours.
fn smoothed(points: &[Xy], closed: bool, picture: &Box) -> Vec<Vec<Xy>> {
    let n = points.len();
    let at = |i: usize| points[i % n];
    let tangent = |i: usize| -> Xy {
        let (before, after) = match (closed, i % n) {
            (true, i) => (at(i + n - 1), at(i + 1)),
            (false, 0) => (at(0), at(1)),
            (false, i) if i == n - 1 => (at(i - 1), at(i)),
            (false, i) => (at(i - 1), at(i + 1)),
        };
        let (here, long) = (at(i), before.to(after));
        let (into, out) = (here.to(before), here.to(after));
        let turn = ((here.x - before.x) * (after.x - here.x) + (here.y - before.y) * (after.y - here.y)) / (into * out).max(1e-9);
        let end = !closed && (i == 0 || i == n - 1);
        if long < 1e-9 || (!end && turn < CORNER) {
            Xy::default()
        } else {
            Xy::new((after.x - before.x) / long, (after.y - before.y) / long)
        }
    };
    let last = if closed { n } else { n - 1 };
    let mut runs = Vec::with_capacity(last);
    for i in 0..last {
        let (a, b) = (at(i), at(i + 1));
        let long = a.to(b);
        if long < 7.0 || !Box::of(&[a, b]).meets(picture) {
            runs.push(vec![a, b]);
            continue;
        }
        let (ta, tb) = (tangent(i), tangent(i + 1));
        let (c, d) = (
            Xy::new(a.x + ta.x * long / 3.0, a.y + ta.y * long / 3.0),
            Xy::new(b.x - tb.x * long / 3.0, b.y - tb.y * long / 3.0),
        );
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let steps = (long / 6.0).clamp(2.0, 60.0) as u32;
        runs.push((0..=steps).map(|step| cubic(a, c, d, b, f64::from(step) / f64::from(steps))).collect());
    }
    runs
}

fn cubic(a: Xy, c: Xy, d: Xy, b: Xy, t: f64) -> Xy {
    let (p, q, r) = (a.toward(c, t), c.toward(d, t), d.toward(b, t));
    p.toward(q, t).toward(q.toward(r, t), t)
}

/// The part of a ring within the box (Sutherland and Hodgman).
fn cut_ring(ring: &[Xy], to: &Box) -> Vec<Xy> {
    let mut points = ring.to_vec();
    for side in 0..4 {
        let depth = |at: Xy| match side {
            0 => at.x - to.left,
            1 => to.right - at.x,
            2 => at.y - to.top,
            _ => to.bottom - at.y,
        };
        let mut kept = Vec::with_capacity(points.len() + 8);
        for (a, b) in points.iter().zip(points.iter().skip(1).chain(points.first())) {
            let (from, into) = (depth(*a), depth(*b));
            if from >= 0.0 {
                kept.push(*a);
            }
            if (from >= 0.0) != (into >= 0.0) {
                kept.push(a.toward(*b, from / (from - into)));
            }
        }
        points = kept;
    }
    points
}

/// The parts of a line within the box.
fn cut_line(line: &[Xy], to: &Box) -> Vec<Vec<Xy>> {
    let mut pieces: Vec<Vec<Xy>> = Vec::new();
    let mut open = false;
    for (a, b) in segments(line, false) {
        let Some((enter, leave)) = stretch(a, b, to) else {
            open = false;
            continue;
        };
        if !open || enter > 0.0 {
            pieces.push(vec![a.toward(b, enter)]);
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(a.toward(b, leave));
        }
        open = leave >= 1.0;
    }
    pieces
}

/// From which to which share a segment lies in the box (Liang and Barsky).
fn stretch(a: Xy, b: Xy, to: &Box) -> Option<(f64, f64)> {
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    for (p, q) in [(-dx, a.x - to.left), (dx, to.right - a.x), (-dy, a.y - to.top), (dy, to.bottom - a.y)] {
        if p.abs() < 1e-12 {
            if q < 0.0 {
                return None;
            }
        } else if p < 0.0 {
            enter = enter.max(q / p);
        } else {
            leave = leave.min(q / p);
        }
    }
    (enter < leave).then_some((enter, leave))
}

/// Without the points that nobody would miss (Douglas and Peucker, a third of a pixel).
fn thinned(line: &[Xy]) -> Vec<Xy> {
    if line.len() < 3 {
        return line.to_vec();
    }
    let mut keep = vec![false; line.len()];
    (keep[0], keep[line.len() - 1]) = (true, true);
    let mut spans = vec![(0, line.len() - 1)];
    while let Some((a, b)) = spans.pop() {
        let far = (a + 1..b).map(|i| (to_segment(line[i], line[a], line[b]), i)).max_by(|x, y| x.0.total_cmp(&y.0));
        if let Some((away, i)) = far.filter(|(away, _)| *away > 0.33) {
            let _ = away;
            keep[i] = true;
            spans.extend([(a, i), (i, b)]);
        }
    }
    line.iter().zip(keep).filter(|(_, keep)| *keep).map(|(at, _)| *at).collect()
}

fn path(pieces: &[Vec<Xy>], closed: bool) -> String {
    let mut d = String::new();
    for piece in pieces {
        for (n, at) in piece.iter().enumerate() {
            d += match n {
                0 => "M",
                _ => " ",
            };
            d += &number(at.x);
            d.push(' ');
            d += &number(at.y);
        }
        if closed {
            d.push('Z');
        }
    }
    d
}

/// A tenth of a pixel is exact enough: `12.3`, `12`.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

// ---- names ------------------------------------------------------------------------------------------------------------------------

struct Labels {
    picture: Box,
    taken: Vec<Box>,
    written: usize,
    /// Room to leave around a name, beyond its own.
    air: f64,
    out: String,
}

/// A way of writing: classes, size in pixels, width of a letter in ems. It agrees with map.css.
#[derive(Clone, Copy)]
struct Pen {
    class: &'static str,
    size: f64,
    em: f64,
}

const SEA: Pen = Pen { class: "m-t wt m-ts", size: 12.5, em: 0.86 };
const WATER: Pen = Pen { class: "m-t wt", size: 12.0, em: 0.58 };
const AREA: Pen = Pen { class: "m-t m-ta", size: 13.0, em: 0.64 };
const HILL: Pen = Pen { class: "m-t m-th", size: 12.0, em: 0.55 };
const ROAD: Pen = Pen { class: "m-t m-tr", size: 11.0, em: 0.58 };
const BRIDGE: Pen = Pen { class: "m-t m-tb", size: 11.5, em: 0.58 };
const PLACE: Pen = Pen { class: "m-t", size: 12.0, em: 0.58 };

impl Pen {
    fn width(self, text: &str) -> f64 {
        f64::from(u32::try_from(text.chars().count()).unwrap_or(u32::MAX)) * self.size * self.em
    }
}

impl Labels {
    const fn new(width: f64, height: f64) -> Self {
        Self {
            picture: Box { left: 4.0, top: 4.0, right: width - 4.0, bottom: height - 4.0 },
            taken: Vec::new(),
            written: 0,
            air: 0.0,
            out: String::new(),
        }
    }

    fn take(&mut self, what: Box) {
        self.taken.push(what);
    }

    fn free(&self, what: &Box) -> bool {
        let inside = what.left >= self.picture.left
            && what.right <= self.picture.right
            && what.top >= self.picture.top
            && what.bottom <= self.picture.bottom;
        inside && self.written < MOST_NAMES && !self.taken.iter().any(|taken| taken.meets(what))
    }

    /// Writes `text` around `middle`, turned by `angle` degrees, if nothing stands there.
    fn write(&mut self, text: &str, pen: Pen, middle: Xy, angle: f64) -> bool {
        let half = pen.width(text) / 2.0;
        let (sin, cos) = angle.to_radians().sin_cos();
        // A turned text is a row of small boxes.
        let pieces = if angle.abs() < 1.0 {
            vec![Box {
                left: middle.x - half - 3.0,
                right: middle.x + half + 3.0,
                top: middle.y - pen.size * 0.75,
                bottom: middle.y + pen.size * 0.6,
            }]
        } else {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let n = (half * 2.0 / pen.size).ceil().clamp(1.0, 60.0) as u32;
            let along = |i: u32| half * (2.0 * (f64::from(i) + 0.5) / f64::from(n) - 1.0);
            (0..n).map(|i| Box::around(Xy::new(middle.x + cos * along(i), middle.y + sin * along(i)), pen.size * 0.62)).collect()
        };
        let aired = |piece: &Box| Box {
            left: piece.left - self.air,
            top: piece.top - self.air,
            right: piece.right + self.air,
            bottom: piece.bottom + self.air,
        };
        if !pieces.iter().all(|piece| self.free(&aired(piece))) {
            return false;
        }
        self.taken.extend(pieces);
        self.written += 1;
        let (x, y) = (number(middle.x), number(middle.y));
        let _ = if angle.abs() < 1.0 {
            write!(
                self.out,
                r#"<text class="{}" x="{x}" y="{}" text-anchor="middle">{}</text>"#,
                pen.class,
                number(middle.y + pen.size * 0.34),
                escaped(text)
            )
        } else {
            write!(
                self.out,
                r#"<text class="{}" transform="translate({x} {y}) rotate({})" y="{}" text-anchor="middle">{}</text>"#,
                pen.class,
                number(angle),
                number(pen.size * 0.34),
                escaped(text)
            )
        };
        true
    }

    /// Writes beside a spot: right, left, above or below, whichever is free.
    fn beside(&mut self, text: &str, pen: Pen, at: Xy, gap: f64) -> bool {
        let half = pen.width(text) / 2.0;
        let spots = [(half + gap, 0.0), (-half - gap, 0.0), (0.0, -pen.size - gap * 0.5), (0.0, pen.size + gap * 0.5)];
        spots.iter().any(|(dx, dy)| self.write(text, pen, Xy::new(at.x + dx, at.y + dy), 0.0))
    }

    /// Writes along a line, where it is straight enough and near the middle of the picture.
    fn along(&mut self, text: &str, pen: Pen, pieces: &[Vec<Xy>]) -> bool {
        let wanted = pen.width(text) + 10.0;
        let middle = Xy::new((self.picture.left + self.picture.right) / 2.0, (self.picture.top + self.picture.bottom) / 2.0);
        let mut spots: Vec<(f64, Xy, f64)> = Vec::new();
        for piece in pieces {
            let steps = even_steps(piece, 8.0);
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let span = (wanted / 8.0).ceil() as usize;
            for run in steps.windows(span + 1).step_by(2) {
                let (a, b) = (run[0], run[span]);
                let sag = run.iter().map(|at| to_segment(*at, a, b)).fold(0.0, f64::max);
                if sag < pen.size * 0.3 && self.picture.holds(a) && self.picture.holds(b) {
                    let angle = (b.y - a.y).atan2(b.x - a.x).to_degrees();
                    let upright = if angle > 90.0 {
                        angle - 180.0
                    } else if angle < -90.0 {
                        angle + 180.0
                    } else {
                        angle
                    };
                    spots.push((sag * 12.0 + a.toward(b, 0.5).to(middle), a.toward(b, 0.5), upright));
                }
            }
        }
        spots.sort_by(|a, b| a.0.total_cmp(&b.0));
        spots.iter().take(40).any(|(_, at, angle)| self.write(text, pen, *at, *angle))
    }
}

/// Positions along a line, every `step` pixels.
fn even_steps(line: &[Xy], step: f64) -> Vec<Xy> {
    let (mut out, mut due) = (Vec::new(), 0.0);
    for (a, b) in segments(line, false) {
        let long = a.to(b);
        while due <= long && long > 0.0 {
            out.push(a.toward(b, due / long));
            due += step;
        }
        due -= long;
    }
    out
}

fn write_names(names: &mut Labels, places: &Places, map: &Map<'_>, drawn: &[Drawn<'_>]) {
    let (view, lang) = (map.view, map.lang);
    let of = |kind: Figure| {
        drawn.iter().filter(move |one| one.feature.kind == kind).filter_map(|one| Some((one, one.feature.name.as_ref()?)))
    };
    let land: Vec<&Vec<Xy>> =
        drawn.iter().filter(|one| one.feature.kind == Figure::Outline).flat_map(|one| &one.pieces).collect();

    // A bay is drawn within the sea: the smaller water is named first, and the larger one outside of it.
    let mut seas: Vec<(&Vec<Xy>, Option<&Both>)> = drawn
        .iter()
        .filter(|one| one.feature.kind == Figure::Sea)
        .map(|one| (&one.pieces[0], one.feature.name.as_ref()))
        .collect();
    seas.sort_by(|a, b| surface(a.0).total_cmp(&surface(b.0)));
    let mut holes = land;
    for (ring, name) in seas {
        if let (Some(name), Some((at, room))) = (name, roomiest(ring, &holes, &view))
            && room > 18.0
        {
            names.write(&name.get(lang).to_uppercase(), SEA, at, 0.0);
        }
        holes.push(ring);
    }
    if view.zoom >= 13 {
        for (bridge, name) in of(Figure::Bridge) {
            let ends = || bridge.pieces.iter().flatten();
            let (west, east) = (ends().min_by(|a, b| a.x.total_cmp(&b.x)), ends().max_by(|a, b| a.x.total_cmp(&b.x)));
            if let Some((west, east)) = west.zip(east) {
                let half = BRIDGE.width(name.get(lang)) / 2.0 + 9.0;
                let spots = [Xy::new(east.x + half, east.y), Xy::new(west.x - half, west.y)];
                let _ = spots.into_iter().any(|at| names.write(name.get(lang), BRIDGE, at, 0.0))
                    || names.beside(name.get(lang), BRIDGE, west.toward(*east, 0.5), 8.0);
            }
        }
    }
    for (river, name) in of(Figure::River).filter(|(river, _)| river.feature.closed) {
        wide_river(names, name.get(lang), &river.pieces[0], &view);
    }
    if view.zoom >= 13 {
        named_places(names, places, map, |kind| kind == PlaceKind::Landmark);
    }
    let mut seats: Vec<(Xy, &Both)> = places.seats(map.day).map(|(area, seat)| (view.project(seat), &area.name)).collect();
    let middle = Xy::new(f64::from(view.width) / 2.0, f64::from(view.height) / 2.0);
    // From far away areas stand close: fewer names, with air around them, so that the map itself is seen.
    names.air = if view.zoom < 11 { 11.0 } else { 0.0 };
    seats.sort_by(|a, b| a.0.to(middle).total_cmp(&b.0.to(middle)));
    for (at, name) in seats {
        let text = name.get(lang);
        let _ = names.write(text, AREA, at, 0.0) || names.beside(text, AREA, at, 4.0);
    }
    names.air = 0.0;
    for (hill, name) in of(Figure::Hill) {
        if let Some((at, room)) = roomiest(&hill.pieces[0], &[], &view)
            && room > 7.0
        {
            names.write(name.get(lang), HILL, at, 0.0);
        }
    }
    if view.zoom >= 12 {
        named_places(names, places, map, |kind| {
            matches!(kind, PlaceKind::Market | PlaceKind::Hospital | PlaceKind::Station | PlaceKind::Park | PlaceKind::Beach)
                && view.zoom >= 14
        });
        for (river, name) in of(Figure::River).filter(|(river, _)| !river.feature.closed) {
            names.along(name.get(lang), WATER, &river.pieces);
        }
        for (road, name) in of(Figure::Road) {
            names.along(name.get(lang), ROAD, &road.pieces);
        }
    }
    if view.zoom >= 15 {
        named_places(names, places, map, |kind| kind == PlaceKind::School);
    }
}

fn named_places(names: &mut Labels, places: &Places, map: &Map<'_>, wanted: impl Fn(PlaceKind) -> bool) {
    for place in places.named.iter().filter(|place| wanted(place.kind)) {
        let at = map.view.project(place.point);
        let dot = Box::around(at, 5.0);
        if names.free(&dot) && names.beside(place.name.get(map.lang), PLACE, at, 8.0) {
            names.take(dot);
            let _ = write!(names.out, r#"<circle class="m-d" cx="{}" cy="{}" r="3"/>"#, number(at.x), number(at.y));
        }
    }
}

/// Twice the surface of a ring.
fn surface(ring: &[Xy]) -> f64 {
    segments(ring, true).map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>().abs()
}

/// The spot in a ring, and in none of `holes`, that is farthest from every edge, and how far that is.
fn roomiest(ring: &[Xy], holes: &[&Vec<Xy>], view: &View) -> Option<(Xy, f64)> {
    let (width, height) = (f64::from(view.width), f64::from(view.height));
    let mut best: Option<(Xy, f64)> = None;
    for row in 1..18 {
        for column in 1..24 {
            let at = Xy::new(width * f64::from(column) / 24.0, height * f64::from(row) / 18.0);
            if !within(at, ring) || holes.iter().any(|hole| within(at, hole)) {
                continue;
            }
            let edges = holes.iter().map(|hole| hole.as_slice()).chain([ring]);
            let room =
                edges.flat_map(|edge| segments(edge, true)).map(|(a, b)| to_segment(at, a, b)).fold(f64::INFINITY, f64::min);
            // A name is wide and low: room to the sides of the picture counts less than room above and below.
            let room = room.min(at.y * 1.6).min((height - at.y) * 1.6).min(at.x * 0.6).min((width - at.x) * 0.6);
            if best.is_none_or(|(_, most)| room > most) {
                best = Some((at, room));
            }
        }
    }
    best
}

/// A river wide enough to be a shape carries its name along its course.
fn wide_river(names: &mut Labels, text: &str, ring: &[Xy], view: &View) {
    let Some((at, room)) = roomiest(ring, &[], view) else { return };
    if room < 7.0 {
        return;
    }
    // The course is the direction in which one can go farthest without leaving the water.
    let reach = |angle: f64| -> f64 {
        let (sin, cos) = angle.to_radians().sin_cos();
        let go = |sign: f64| {
            (1..60)
                .map(|n| f64::from(n) * 4.0)
                .take_while(|far| within(Xy::new(at.x + sign * cos * far, at.y + sign * sin * far), ring))
                .count()
        };
        f64::from(u32::try_from(go(1.0).min(go(-1.0))).unwrap_or(0))
    };
    let course = (-18..18).map(|n| f64::from(n) * 5.0).max_by(|a, b| reach(*a).total_cmp(&reach(*b))).unwrap_or(0.0);
    names.write(text, WATER, at, course);
}

// ---- what stands on the map --------------------------------------------------------------------------------------------------------

struct Group<'a> {
    at: Xy,
    pins: Vec<&'a Pin>,
}

/// Pins nearer to each other than this become one with their number.
const TOGETHER: f64 = 22.0;

fn group<'a>(pins: &'a [Pin], view: &View) -> Vec<Group<'a>> {
    let (width, height) = (f64::from(view.width), f64::from(view.height));
    let seen = Box { left: -10.0, top: -10.0, right: width + 10.0, bottom: height + 24.0 };
    let mut groups: Vec<Group<'a>> = Vec::new();
    for pin in pins {
        let at = view.project(pin.point);
        if !seen.holds(at) {
            continue;
        }
        let joins = |group: &&mut Group<'_>| {
            pin.shape != Shape::Chosen && group.pins[0].shape != Shape::Chosen && group.at.to(at) < TOGETHER
        };
        match groups.iter_mut().find(joins) {
            Some(group) => group.pins.push(pin),
            None => groups.push(Group { at, pins: vec![pin] }),
        }
    }
    groups.sort_by_key(|group| group.pins.iter().map(|pin| pin.shape).max());
    groups
}

fn pins(out: &mut String, groups: &[Group<'_>], map: &Map<'_>) {
    for Group { at, pins } in groups {
        let worst = pins.iter().map(|pin| pin.shape).max().unwrap_or(Shape::Open);
        let (href, title) = match pins.as_slice() {
            [pin] => (pin.href.clone(), pin.title.clone()),
            many => {
                let nearer = map
                    .view
                    .nearer()
                    .map(|view| View { zoom: (view.zoom + 1).min(crate::view::ZOOMS.1), ..view }.around(many[0].point));
                let count = words::places_close_together(map.lang, many.len());
                (nearer.zip(map.link).map(|(view, link)| link(view)), count)
            }
        };
        let mut drawing = String::new();
        if pins.len() > 1 {
            let radius = 11.0 + f64::from(u32::try_from(pins.len()).unwrap_or(u32::MAX)).ln() * 2.0;
            let class = class_of(worst);
            let _ = write!(
                drawing,
                r#"<circle class="{class}" cx="{x}" cy="{y}" r="{}"/><text class="m-no" x="{x}" y="{}">{}</text>"#,
                number(radius),
                number(at.y + 4.0),
                pins.len(),
                x = number(at.x),
                y = number(at.y),
            );
        } else {
            mark(&mut drawing, worst, *at);
        }
        let _ = match href {
            Some(href) => {
                write!(out, r#"<a class="m-a" href="{}"><title>{}</title>{drawing}</a>"#, escaped(&href), escaped(&title))
            }
            None => write!(out, "<g><title>{}</title>{drawing}</g>", escaped(&title)),
        };
    }
}

const fn class_of(shape: Shape) -> &'static str {
    match shape {
        Shape::Done => "m-f",
        Shape::Open => "m-n",
        Shape::Soon => "m-o",
        Shape::Late | Shape::Chosen => "m-pin",
    }
}

fn mark(out: &mut String, shape: Shape, at: Xy) {
    let (x, y, class) = (number(at.x), number(at.y), class_of(shape));
    let _ = match shape {
        Shape::Done => {
            write!(out, r#"<circle class="{class}" cx="{x}" cy="{y}" r="6"/><circle class="m-v" cx="{x}" cy="{y}" r="2.4"/>"#)
        }
        Shape::Open => write!(out, r#"<circle class="{class}" cx="{x}" cy="{y}" r="7"/>"#),
        Shape::Soon => write!(out, r#"<path class="{class}" d="M{x} {y}m-6.5 -6.5h13v13h-13z"/>"#),
        Shape::Late => write!(out, r#"<path class="{class}" d="M{x} {y}m0 -9.5l9.5 9.5l-9.5 9.5l-9.5 -9.5z"/>"#),
        Shape::Chosen => write!(
            out,
            r#"<circle class="m-g" cx="{x}" cy="{y}" r="16"/><path class="{class}" d="M{x} {y}c-4 -8 -11 -12.5 -11 -20.5a11 11 0 0 1 22 0c0 8 -7 12.5 -11 20.5z"/><circle class="m-v" cx="{x}" cy="{}" r="4"/>"#,
            number(at.y - 20.5)
        ),
    };
}

/// A bar of a round length, so that distances can be judged.
fn scale_bar(out: &mut String, view: &View) {
    let room = 96.0 * view.metres();
    let mut metres = 1.0;
    for step in [1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0] {
        for round in [1.0, 2.0, 5.0] {
            if step * round <= room {
                metres = step * round;
            }
        }
    }
    let long = metres / view.metres();
    let base = f64::from(view.height) - 10.0;
    let text = if metres >= 1_000.0 { format!("{} km", number(metres / 1_000.0)) } else { format!("{} m", number(metres)) };
    let _ = write!(
        out,
        r#"<path class="m-u" d="M10 {top}V{y}H{end}V{top}"/><text class="m-u2" x="{}" y="{y}">{text}</text>"#,
        number(10.0 + long + 6.0),
        top = number(base - 5.0),
        y = number(base),
        end = number(10.0 + long),
    );
}

/// Text as it may stand in a page.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}
