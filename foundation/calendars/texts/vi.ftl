# How due dates are worded: a deadline, what is left of it, and the one sentence that says why something is due when it is due.

# A deadline, and what is left of it
working-days = { $n } ngày làm việc
calendar-days = { $n } ngày
months = { $n } tháng
working-hours = { $hours } giờ làm việc
working-minutes = { $minutes } phút làm việc
working-hours-minutes = { $hours } giờ { $minutes } phút làm việc
hours = { $hours } giờ
minutes = { $minutes } phút
hours-minutes = { $hours } giờ { $minutes } phút
same-day-before = trong ngày nếu nhận trước { $cutoff }
if-verified = { $base }, thêm { $extra } nếu phải xác minh
set-by-official = theo ngày do người phụ trách hẹn
nothing-left = không còn thời gian

# Why it is due then: `counted` is one of the texts below, `days` those that follow them
due = Hạn { $at }: { $counted }{ $days }.
end-of-day = hết ngày { $day }
left = { $budget } còn lại
received = nhận
resumed = tiếp tục
counted-hours = { $budget } kể từ lúc { $came } { $moment }
counted-hours-late = { $budget } kể từ giờ mở cửa { $runs } ({ $came } lúc { $moment }, ngoài giờ làm việc)
counted-same-day = trong ngày, vì { $came } lúc { $moment }, trước { $cutoff }
counted-same-day-late = trong ngày, tính vào ngày làm việc kế tiếp vì { $came } lúc { $moment }, { $late }
counted-days = { $budget } kể từ ngày sau ngày { $came } { $begins }
counted-days-late = { $budget } kể từ ngày sau ngày bắt đầu { $begins } ({ $came } lúc { $moment }, { $late })
counted-nothing = không còn thời gian khi tạm dừng, tiếp tục lúc { $moment }
after-close = sau giờ làm việc
after-cutoff = sau { $cutoff }
on-day-off = vào ngày nghỉ
outside-hours = ngoài giờ làm việc

# Which days were left out
days-worked = ; có tính { $days }
days-left-out = ; không tính { $days }
begins-after = ; ngày bắt đầu tính sau { $days }
moved-on = ; ngày cuối { $end } là ngày nghỉ nên chuyển sang ngày làm việc kế tiếp, qua { $days }
weekend = cuối tuần
weekly-rest = nghỉ hằng tuần
weekly-rest-days = { $days } ngày nghỉ hằng tuần

# When nothing can be counted
text-has-no-clock = Thời hạn này ghi bằng lời, không tính tự động được. Anh/chị chọn ngày hẹn và ghi lý do.
beyond-calendar = Lịch làm việc chưa có những ngày này, nên chưa tính được hạn. Cần bổ sung lịch của năm đó.
