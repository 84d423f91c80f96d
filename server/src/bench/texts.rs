//! Invented words for a seeded city: what is wrong, where, since when, what somebody wishes, what a unit answers. No real person or event.

/// A source of numbers that gives the same ones every time: SplitMix64.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The numbers of this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    pub const fn below(&mut self, bound: u64) -> u64 {
        self.next() % if bound == 0 { 1 } else { bound }
    }

    /// One of these; the earlier ones more often, as places and matters are in life.
    pub fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.leaning(all.len())]
    }

    /// A place below `len`, leaning to the beginning.
    pub fn leaning(&mut self, len: usize) -> usize {
        let bound = u64::try_from(len).unwrap_or(1);
        let (a, b) = (self.below(bound), self.below(bound));
        usize::try_from(a.min(b)).unwrap_or_default()
    }

    /// Between -1 and 1.
    #[allow(clippy::cast_precision_loss)] // a million steps are exact
    pub const fn around(&mut self) -> f64 {
        self.below(2_000_001) as f64 / 1_000_000.0 - 1.0
    }
}

const WHAT: &[&str] = &[
    "Ổ gà sâu giữa làn xe",
    "Rác sinh hoạt ứ đọng chưa được thu gom",
    "Nước ngập qua mắt cá chân sau mưa",
    "Đèn đường không sáng ban đêm",
    "Loa kẹo kéo mở quá khuya",
    "Cống thoát nước bốc mùi hôi",
    "Cây xanh ngã chắn lối đi bộ",
    "Vỉa hè bị lấn chiếm để bàn ghế",
    "Nắp hố ga bị mất, rất nguy hiểm",
    "Xe tải đậu chắn trước cổng trường",
    "Nước máy yếu và đục",
    "Dây cáp viễn thông sà xuống thấp",
    "Chó thả rông không rọ mõm",
    "Biển báo giao thông bị che khuất",
    "Vạch sơn kẻ đường đã mờ",
    "Khói bụi từ công trình xây dựng",
    "Bãi đất trống cỏ mọc um tùm, nhiều muỗi",
    "Đèn tín hiệu giao thông chạy sai nhịp",
    "Bờ kè bị sạt lở một đoạn",
    "Quảng cáo rao vặt dán kín trụ điện",
    "Nước thải chảy ra bãi biển",
    "Lan can cầu bị gãy một thanh",
    "Trạm xe buýt bị hỏng mái che",
    "Ghế đá trong công viên bị vỡ",
    "Hàng rong họp chợ dưới lòng đường",
];

const WHERE: &[&str] = &[
    "trước số nhà",
    "đối diện nhà số",
    "trong kiệt",
    "gần ngã ba hẻm",
    "sau chợ, hẻm số",
    "cạnh trường học, số",
    "đầu đường, số",
];

const STREETS: &[&str] = &[
    "Bình Minh",
    "Hoa Sữa",
    "Biển Xanh",
    "Sao Mai",
    "Cây Dừa",
    "Sông Hiền",
    "Đồi Thông",
    "Mùa Xuân",
    "Chợ Mới",
    "Bến Cảng",
    "Hàng Dương",
    "Cầu Ngói",
    "Trăng Rằm",
    "Suối Mơ",
    "Hải Âu",
    "Phượng Vĩ",
    "Lúa Vàng",
    "Gió Nồm",
    "Đá Bạc",
    "Vườn Cau",
    "Ngọc Lan",
    "Rạng Đông",
];

const SINCE: &[&str] = &[
    "từ sáng nay",
    "từ đêm qua",
    "đã ba ngày nay",
    "hơn một tuần rồi",
    "kéo dài gần một tháng",
    "mỗi khi trời mưa",
    "vào giờ cao điểm",
    "gần như mỗi tối",
];

const EFFECT: &[&str] = &[
    "xe máy đi qua hay trượt ngã",
    "bà con trong tổ rất lo cho trẻ nhỏ",
    "người già không đi bộ được",
    "mùi bay vào tận trong nhà",
    "học sinh phải đi vòng xuống lòng đường",
    "buổi tối đi lại rất khó khăn",
    "việc buôn bán bị ảnh hưởng",
    "khách đến chơi phàn nàn nhiều",
];

const WISH: &[&str] = &[
    "Kính mong cơ quan chức năng sớm kiểm tra, xử lý.",
    "Đề nghị đơn vị phụ trách khắc phục giúp.",
    "Mong sớm nhận được phản hồi, xin cảm ơn.",
    "Nhờ quý cơ quan cử người đến xem.",
    "Bà con xin cảm ơn.",
];

const ANSWER: &[&str] = &[
    "Đơn vị đã kiểm tra hiện trường và xử lý xong trong ngày. Cảm ơn anh/chị đã phản ánh.",
    "Tổ quản lý đã khắc phục, đồng thời nhắc nhở các hộ liên quan không tái phạm. Trân trọng cảm ơn anh/chị.",
    "Nội dung anh/chị phản ánh là đúng. Đơn vị đã bố trí nhân công và hoàn thành việc sửa chữa.",
    "Qua kiểm tra, hạng mục đang trong kế hoạch sửa chữa quý này; trước mắt đơn vị đã đặt cảnh báo tạm. Cảm ơn anh/chị.",
    "Đơn vị đã xử lý và chụp ảnh sau khi khắc phục. Mong anh/chị tiếp tục góp ý.",
];

/// What somebody writes, with the address.
pub fn report(dice: &mut Dice) -> (String, String) {
    let address = format!("{} {}", 1 + dice.below(300), dice.of(STREETS));
    let (what, place, since, effect, wish) = (dice.of(WHAT), dice.of(WHERE), dice.of(SINCE), dice.of(EFFECT), dice.of(WISH));
    (format!("{what} {place} {address}. Tình trạng này {since}, {effect}. {wish}"), address)
}

/// What a unit answers.
pub fn answer(dice: &mut Dice) -> &'static str {
    dice.of(ANSWER)
}

/// What people search for: with tone marks and without, a common word, two words, a street with a number.
pub fn searched(dice: &mut Dice) -> String {
    let street = dice.of(STREETS);
    match dice.below(5) {
        0 => kernel::spelling::fold(street),
        1 => dice.of(WHAT).split_whitespace().take(2).collect::<Vec<_>>().join(" "),
        2 => format!(
            "{} {}",
            kernel::spelling::fold(dice.of(WHAT)).split_whitespace().take(3).collect::<Vec<_>>().join(" "),
            street
        ),
        3 => format!("{} {street}", 1 + dice.below(300)),
        _ => kernel::spelling::fold(&format!("{} {street}", dice.of(EFFECT))),
    }
}
