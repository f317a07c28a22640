"""Prints the code points of the cover font, one a line in hexadecimal: CP932 (JIS X 0208 levels 1 and 2, the
NEC and IBM extensions that names of people and places need), JIS X 0201 kana, Latin, and signs of official papers."""

chosen = set(range(0x20, 0x7F)) | set(range(0xA0, 0x180))
for lead in range(0x81, 0xFD):
    for trail in range(0x40, 0xFD):
        try:
            text = bytes([lead, trail]).decode("cp932")
        except UnicodeDecodeError:
            continue
        if len(text) == 1 and not 0xE000 <= ord(text) < 0xF900:
            chosen.add(ord(text))
chosen |= {ord(bytes([kana]).decode("cp932")) for kana in range(0xA1, 0xE0)}
chosen |= {ord(sign) for sign in "–—‘’“”•…‰′″€™←↑→↓⇒⇔〒〓〇々ヽヾゝゞ゛゜ｰ①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㊞㊙㊤㊦☎✓■□◆◇○●◎△▲▽▼※★☆≪≫〜～−－∥‖㋿"}
print("\n".join(f"{point:x}" for point in sorted(chosen)))
