# Lời trên các trang phản ánh. Tiếng Việt là bản gốc; en.ftl theo từng khóa một.

## Gửi phản ánh
report-title = Gửi phản ánh
report-lead = Chỗ nào trong thành phố chưa ổn, anh/chị kể cho chúng tôi nghe. Bốn mục, chừng hai phút, không cần đăng nhập.
report-emergency-title = Nguy hiểm, hãy gọi ngay
report-emergency-note = Có người bị nạn hoặc đang gặp nguy hiểm thì gọi trước, gửi phản ánh sau.
report-step-what = Chuyện gì đang xảy ra?
report-step-where = Ở đâu?
report-step-photos = Có ảnh thì tốt hơn
report-step-contact = Trả lời anh/chị bằng cách nào?
report-optional = không bắt buộc
report-category = Loại phản ánh
report-category-more = Việc khác trong lĩnh vực này
report-category-missing = Chọn loại phản ánh gần nhất với sự việc
report-category-emergency = Việc này có thể nguy hiểm. Nếu đang nguy hiểm, hãy gọi ngay:
report-text = Kể rõ hơn một chút
report-text-hint = Thấy từ khi nào, ảnh hưởng ra sao? Xin đừng ghi số căn cước hay thông tin riêng của người khác.
report-text-missing = Kể sự việc bằng vài lời
report-text-short = Kể rõ hơn một chút, ít nhất { $least } chữ cái
report-text-long = Bài viết dài quá { $most } chữ cái, xin anh/chị rút gọn
report-address = Địa chỉ hoặc nơi dễ nhận ra
report-address-hint = Ví dụ: đối diện số 24 Lê Lợi, cạnh chợ. Gõ có dấu hay không dấu đều được.
report-address-find = Tìm trên bản đồ
report-address-long = Địa chỉ dài quá { $most } chữ cái
report-address-found = Ý anh/chị là nơi nào?
report-address-none = Chưa tìm thấy nơi này. Anh/chị chạm vào bản đồ, hoặc chọn phường, xã rồi cứ gửi: chúng tôi đọc đúng lời anh/chị viết.
report-here = Vị trí của tôi
report-here-failed = Máy không cho biết vị trí. Anh/chị chạm vào bản đồ hoặc ghi địa chỉ.
report-map = Bản đồ: chạm vào nơi xảy ra sự việc
report-map-hint = Chạm vào bản đồ để đặt điểm. Bản đồ vẽ phác, điểm có thể lệch vài chục mét.
report-map-in = Phóng to
report-map-out = Thu nhỏ
report-map-north = Lên phía bắc
report-map-south = Xuống phía nam
report-map-east = Sang phía đông
report-map-west = Sang phía tây
report-map-none = Chưa chọn điểm nào trên bản đồ.
report-map-set = Đã đặt điểm trên bản đồ.
report-map-clear = Bỏ điểm này
report-ward = Phường, xã
report-ward-hint = Chúng tôi đoán theo trụ sở gần nhất. Nếu chưa đúng, xin anh/chị chọn lại.
report-ward-none = Chưa rõ, nhờ tổng đài xem giúp
report-ward-confirm = Có phải ở { $ward } không? Nếu đúng, anh/chị bấm gửi lần nữa.
report-place-missing = Cho biết địa chỉ, hoặc chạm vào bản đồ
report-outside = Nơi này cách ranh giới { $city } khoảng { $km } km nên chúng tôi không nhận được. Anh/chị hãy gửi tới chính quyền nơi đó, hoặc xem lại điểm trên bản đồ.
report-photos-hint = Tối đa { $most } ảnh JPEG, PNG hoặc WebP. Thông tin ẩn trong ảnh (vị trí, máy chụp) được xóa. Ảnh chỉ công khai sau khi cán bộ đã xem từng tấm.
report-photos-add = Thêm ảnh
report-photos-kept = Ảnh đã nhận
report-photos-remove = Bỏ ảnh này
report-photos-many = Chỉ gửi được { $most } ảnh
report-photo-alt = Ảnh { $n } do người phản ánh gửi
report-contact-lead = Để lại một cách liên lạc thì anh/chị nhận được tin khi có trả lời. Không để lại cũng được: chúng tôi không lưu gì về người gửi.
report-contact-lead-required = Việc này cần liên lạc lại mới xử lý được, nên xin anh/chị để lại số điện thoại hoặc thư điện tử.
report-contact-required = Loại phản ánh này cần số điện thoại hoặc thư điện tử để liên lạc lại
report-name = Họ và tên
report-name-long = Họ tên dài quá { $most } chữ cái
report-phone = Số điện thoại
report-phone-wrong = Số điện thoại chưa đúng. Ví dụ: 0905 123 456 hoặc 0236 3 123 456
report-email = Thư điện tử
report-email-wrong = Địa chỉ thư chưa đúng. Ví dụ: ten@vidu.vn
report-private-note = Tên và cách liên lạc được mã hóa, chỉ cán bộ xử lý mở xem được và mỗi lần xem đều ghi lại. Không bao giờ công khai.
report-send = Gửi phản ánh
report-sending = Đang gửi…
report-send-failed = Mạng chậm, chưa gửi được. Bài viết vẫn còn đây và sẽ tự gửi lại.
report-draft-kept = Bài viết dở được giữ trên máy này.
report-draft-clear = Xóa bài viết dở
report-after = Sau khi gửi
report-after-now = Ngay lập tức
report-after-now-text = Anh/chị nhận mã tra cứu và một liên kết riêng.
report-after-soon = Tiếp theo
report-after-soon-text = Đơn vị phụ trách nhận việc, với hạn trả lời có giải thích.
report-after-done = Khi xong
report-after-done-text = Câu trả lời được công khai; ai để lại liên lạc thì được báo tin.

## Đã nhận
sent-title = Đã nhận phản ánh
sent-lead = Cảm ơn anh/chị. Mã tra cứu của phản ánh này là:
sent-link = Liên kết riêng của anh/chị
sent-link-note = Ai có liên kết này thì đọc được phản ánh và viết thêm được. Anh/chị lưu lại, đừng gửi cho người khác.
sent-open = Mở liên kết riêng
sent-holder = Đơn vị nhận
sent-due = Hạn trả lời
sent-next = Anh/chị có thể xem tiến độ bất cứ lúc nào bằng mã tra cứu.
sent-another = Gửi phản ánh khác

## Theo dõi
follow-title = Phản ánh { $code }
follow-find = Tra cứu phản ánh
follow-find-lead = Nhập mã tra cứu anh/chị đã nhận khi gửi. Mất mã thì anh/chị gọi { $hotline }.
follow-code = Mã tra cứu
follow-code-hint = Ví dụ: { $example }
follow-open = Xem
follow-code-wrong = Không có phản ánh nào mang mã này. Anh/chị xem lại từng chữ số.
follow-state = Tình trạng
follow-holder = Đơn vị đang giữ
follow-due = Hạn trả lời
follow-due-why = Vì sao có hạn này
follow-received = Nhận lúc
follow-category = Loại việc
follow-area = Phường, xã
follow-place = Nơi xảy ra
follow-text = Nội dung phản ánh
follow-not-public = Nội dung chỉ công khai sau khi cán bộ đã xem, để không lộ thông tin riêng của ai.
follow-answer = Trả lời của thành phố
follow-answered-by = { $unit } trả lời lúc { $at }
follow-timeline = Các bước đã qua
follow-photos = Ảnh
follow-next-received = Đơn vị phụ trách sẽ xem và bắt đầu xử lý.
follow-next-in-progress = Đơn vị đang xử lý và sẽ trả lời trước hạn.
follow-next-overdue = Đã quá hạn trả lời, thành phố xin lỗi anh/chị. Đơn vị phụ trách còn phải trả lời; anh/chị cần hỏi thì gọi { $hotline }.
follow-next-answered = Đã có trả lời. Nếu chưa thỏa đáng, anh/chị gọi { $hotline }.
follow-next-archived = Phản ánh được lưu lại, không chuyển xử lý. Người gửi đọc lý do và bổ sung được ở liên kết riêng của mình.
follow-archived-why = Lý do lưu
link-title = Phản ánh của anh/chị
link-public-note = Đây là trang riêng của anh/chị. Trang ai cũng xem được:
link-add = Viết thêm
link-add-word = Lời nhắn cho đơn vị xử lý
link-add-hint = Tình hình thay đổi, hay cần bổ sung điều gì? Cán bộ đang xử lý sẽ đọc.
link-add-send = Gửi lời thêm
link-added = Đã gửi lời của anh/chị tới đơn vị đang xử lý.
link-word-missing = Anh/chị chưa viết gì
link-word-long = Lời viết dài quá { $most } chữ cái
link-words = Lời anh/chị đã viết thêm
link-full = Anh/chị đã viết thêm nhiều lần. Cần nói thêm, xin gọi { $hotline }.

## Các bước, cho mọi người đọc
event-received = Đã nhận, giao { $unit }
event-forwarded = Chuyển đến { $unit }
event-taken = { $unit } bắt đầu xử lý
event-drafted = Đang soạn câu trả lời
event-approved = Câu trả lời đã được duyệt
event-answered = Đã trả lời
event-published = Đã công khai
event-archived = Đã lưu, không chuyển xử lý
event-reopened = Mở lại để xử lý tiếp
event-word = Người phản ánh viết thêm
event-overdue = Đã quá hạn trả lời
event-overdue-first = Đã quá hạn phản hồi đầu tiên
event-overdue-step = Đã quá hạn của bước
event-extended = Đã gia hạn
event-imported = Chuyển vào từ hệ thống cũ
event-other = Có cập nhật

## Tình trạng
state-received = Đã tiếp nhận
state-in-progress = Đang xử lý
state-answered = Đã trả lời
state-archived = Đã lưu
state-overdue = Quá hạn
due-none = Chưa định hạn
due-left = Còn { $span }
due-late = Quá hạn { $span }
span-days = { $n ->
    [one] { $n } ngày
   *[other] { $n } ngày
}
span-hours = { $n ->
    [one] { $n } giờ
   *[other] { $n } giờ
}
span-minutes = { $n ->
    [one] { $n } phút
   *[other] { $n } phút
}

## Danh sách công khai
list-title = Phản ánh đã công khai
list-lead = Những việc người dân đã báo và thành phố đã trả lời hoặc đang xử lý.
list-search = Tìm trong nội dung
list-search-hint = Gõ có dấu hay không dấu đều được
list-category = Loại việc
list-area = Phường, xã
list-state = Tình trạng
list-all = Tất cả
list-filter = Lọc
list-clear = Bỏ lọc
list-count = { $n ->
    [one] { $n } phản ánh trên trang này
   *[other] { $n } phản ánh trên trang này
}
list-none = Không có phản ánh nào khớp
list-none-hint = Anh/chị thử bớt điều kiện lọc, hoặc tìm bằng ít chữ hơn.
list-empty = Chưa có phản ánh nào được công khai
list-empty-hint = Phản ánh hiện ở đây sau khi cán bộ xem và công khai.
list-next = Cũ hơn
list-first = Về mới nhất

## Bàn làm việc
queue-title = Hàng đợi
queue-lead = Việc đang mở của đơn vị anh/chị, việc gần hạn nhất ở trên.
queue-views = Nhóm việc
queue-code = Mã
queue-matter = Việc
queue-state = Tình trạng
queue-due = Hạn
queue-holder = Người giữ
queue-field = Lĩnh vực
queue-count = { $n ->
    [one] { $n } việc
   *[other] { $n } việc
}
queue-count-over = hơn { $n } việc
queue-count-more = { $n } việc đầu, còn nữa ở trang sau
queue-held = Đã có người nhận
queue-held-by-you = Anh/chị đang giữ
queue-held-by-none = Chưa ai nhận
queue-none = Không còn việc nào đang mở
queue-none-hint = Phản ánh mới của đơn vị sẽ hiện ở đây, việc gần hạn nhất đứng đầu.
queue-all = Tất cả
queue-overdue = Quá hạn
queue-overdue-lead = Việc đang mở đã quá hạn, việc quá lâu nhất ở trên.
queue-overdue-none = Không có việc nào quá hạn
queue-overdue-none-hint = Việc chưa xong khi hết hạn sẽ hiện ở đây.
queue-soon = Sắp hạn
queue-soon-lead = Việc hết hạn trong 24 giờ tới, việc gần hạn nhất ở trên.
queue-soon-none = Không có việc nào hết hạn trong 24 giờ tới
queue-soon-none-hint = Việc chưa xong khi còn chưa đến 24 giờ sẽ hiện ở đây.
queue-untaken = Chưa nhận
queue-untaken-lead = Việc đã về đơn vị mà chưa ai nhận, việc gần hạn nhất ở trên.
queue-untaken-none = Việc nào cũng đã có người nhận
queue-untaken-none-hint = Phản ánh mới ở lại đây cho đến khi có người bấm nhận xử lý.
queue-mine = Của tôi
queue-mine-lead = Việc anh/chị đang giữ, việc gần hạn nhất ở trên.
queue-mine-none = Anh/chị chưa giữ việc nào
queue-mine-none-hint = Mở một việc và bấm nhận xử lý thì việc ấy hiện ở đây cho đến khi xong.
queue-narrowed-none = Không có việc nào khớp
queue-narrowed-none-hint = Anh/chị thử phường, xã hoặc lĩnh vực khác, hay bỏ lọc.
queue-see-all = Xem tất cả việc đang mở
queue-searched = Đã tìm trong { $n } việc tiếp theo. Bấm “Trang sau” để tìm tiếp.
queue-find = Mã phản ánh, ví dụ { $example }
queue-find-none = Trong các đơn vị của anh/chị không có phản ánh nào mang mã này. Anh/chị xem lại từng chữ số.
queue-next = Trang sau
queue-first = Về đầu hàng đợi
work-title = { $code }
work-reporter = Người phản ánh
work-reporter-none = Không để lại liên lạc
work-reporter-hidden = Có để lại liên lạc
work-contact-open = Xem liên lạc
work-contact-why = Mỗi lần xem được ghi lại với tên anh/chị và mục đích.
work-contact-purpose = Mục đích xem
work-contact-purpose-hint = Ví dụ: hỏi thêm vị trí chính xác
work-contact-purpose-missing = Ghi mục đích xem liên lạc
work-channel = Kênh
work-how = Cách định vị
work-how-confirmed = người gửi xác nhận phường, xã
work-how-nearest = đoán theo trụ sở gần nhất
work-how-none = chưa rõ nơi
work-how-border = gần ranh giới, cần xem lại
work-how-imported = từ hệ thống cũ
work-clocks = Các hạn
work-clock-legal = Hạn trả lời
work-clock-first-response = Phản hồi đầu tiên
work-clock-step = Hạn của bước
work-clock-met = đã đạt lúc { $at }
work-clock-breached = đã quá hạn
work-steps = Chuỗi xử lý
work-step-open = đang giữ từ { $at }
work-step-done = xong lúc { $at }
work-words = Lời viết thêm
work-history = Nhật ký hồ sơ
work-nothing = Việc này đã khép lại.
work-closed = Việc đã khép lại nên không làm thao tác này được nữa.
work-changed = Có người vừa thay đổi việc này. Trang đã nạp bản mới, anh/chị xem lại rồi làm tiếp.
forward-title = Chuyển xử lý
forward-to = Chuyển đến đơn vị
forward-to-missing = Chọn đơn vị nhận
forward-to-same = Đơn vị này đang giữ việc rồi
forward-due = Hạn của đơn vị nhận
forward-due-hint = Ví dụ 25/11/2026. Để trống thì theo hạn của loại việc.
forward-due-wrong = Ngày chưa đúng. Ví dụ 25/11/2026
forward-due-past = Hạn phải sau hôm nay
forward-due-beyond = Hạn này vượt hạn trả lời của phản ánh ({ $due })
forward-due-beyond-short = Hạn này vượt hạn trả lời của phản ánh
forward-note = Lời nhắn cho đơn vị nhận
forward-send = Chuyển
forward-done = Đã chuyển { $code } đến { $unit }.
answer-title = Trả lời
answer-text = Câu trả lời
answer-hint = Viết như nói với người dân: đã làm gì, khi nào, ở đâu; nếu chưa làm được thì vì sao và bao giờ làm.
answer-missing = Chưa có câu trả lời
answer-short = Câu trả lời cần ít nhất { $least } chữ cái
answer-long = Câu trả lời dài quá { $most } chữ cái
answer-save = Lưu bản thảo
answer-saved = Đã lưu bản thảo trả lời { $code }.
answer-preview = Xem trước khi công khai
answer-draft-by = Bản thảo của { $name }, { $at }
take-do = Nhận xử lý
take-done = { $code } do anh/chị xử lý.
publish-title = Công khai { $code }
publish-lead = Dưới đây là đúng những gì mọi người sẽ đọc. Bỏ dấu ở phần không nên công khai.
publish-text = Nội dung phản ánh
publish-text-as = Lời văn mọi người sẽ đọc
publish-text-hint = Xóa tên, số điện thoại, biển số, địa chỉ nhà riêng của người khác trước khi công khai.
publish-show-text = Công khai nội dung phản ánh
publish-photo = Công khai ảnh { $n }
publish-photos-none = Phản ánh này không có ảnh.
publish-answer = Trả lời
publish-do = Trả lời và công khai
publish-done = Đã trả lời và công khai { $code }.
publish-done-messaged = Đã trả lời và công khai { $code }. Người phản ánh được báo tin.
publish-no-answer = Cần có câu trả lời trước khi công khai
publish-confidential = Loại việc này được giữ kín: chỉ người có liên kết riêng đọc được câu trả lời.
publish-do-private = Trả lời riêng
archive-title = Lưu, không chuyển xử lý
archive-reason = Lý do, người phản ánh sẽ đọc
archive-reason-hint = Ví dụ: chưa đủ thông tin để xác minh; thuộc thẩm quyền tòa án.
archive-reason-missing = Ghi lý do lưu
archive-do = Lưu phản ánh
archive-done = Đã lưu { $code }, không chuyển xử lý. Người phản ánh đọc được lý do.

## Lời từ chối
refusal-outside = Nơi này ở ngoài thành phố
refusal-category = Không có loại phản ánh này
refusal-not-with-you = Việc này không còn ở đơn vị của anh/chị
refusal-closed = Việc đã khép lại
refusal-changed = Có người vừa thay đổi việc này. Anh/chị xem lại rồi làm tiếp.
refusal-key-used = Một phản ánh khác đã được gửi từ biểu mẫu này, mã { $code }. Nếu anh/chị muốn báo việc mới, xin mở lại trang gửi phản ánh.
refusal-busy = Hệ thống đang rất bận. Anh/chị chờ một phút rồi gửi lại, bài viết vẫn còn nguyên.
refusal-photo-kind = Ảnh này không đọc được. Chúng tôi nhận JPEG, PNG, WebP; ảnh HEIC thì anh/chị chụp màn hình rồi gửi.
refusal-photo-large = Ảnh này lớn quá. Mỗi ảnh tối đa { $mb } MB và 40 triệu điểm ảnh.
channel-web = qua trang web
channel-api = qua giao diện lập trình
channel-import = chuyển từ hệ thống cũ
channel-demo = dữ liệu trình diễn
api-key-missing = Thiếu tiêu đề Idempotency-Key: từ 8 đến 64 chữ cái, chữ số, dấu gạch nối hoặc gạch dưới, mỗi phản ánh một khóa riêng.
api-point-wrong = lat và long phải đi cùng nhau, lat từ -90 đến 90, long từ -180 đến 180.
kind-ward = Phường
kind-commune = Xã
kind-township = Thị trấn
kind-special-zone = Đặc khu

## Với các phần khác của hệ thống
kind-name = Phản ánh
kind-about = Báo chỗ hư hỏng, ô nhiễm, mất an toàn; theo dõi đến khi có trả lời.
nav-report = Gửi phản ánh
nav-reports = Phản ánh
nav-follow = Tra cứu
nav-queue = Hàng đợi
look-contact = Xem liên lạc của người phản ánh
event-received-plain = Đã nhận
event-forwarded-plain = Chuyển đơn vị khác
event-taken-plain = Nhận xử lý
event-answered-published = Đã trả lời và công khai
forward-group-bodies = Sở, ngành, đơn vị
forward-group-committees = Ủy ban nhân dân phường, xã
publish-show-address = Công khai địa chỉ và điểm trên bản đồ
publish-back = Quay lại sửa
