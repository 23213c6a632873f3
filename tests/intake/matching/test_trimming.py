from intake.matching.trimming import trim_body


def test_a_short_text_stays_whole() -> None:
    text = "Please.\n```\ncode\n```\nThanks."
    assert trim_body(text) == text


def test_a_huge_text_is_cut() -> None:
    assert len(trim_body("word " * 25_000)) <= 6_000


def test_of_a_log_the_head_is_kept_and_the_words_after_it() -> None:
    log = "\n".join(f"2026-03-01 10:00:{second:02} worker started" for second in range(60))
    trimmed = trim_body(f"It fails.\n{log}\nOnly since the update.")
    assert trimmed.count("worker started") == 12
    assert trimmed.endswith("Only since the update.")


def test_of_a_trace_the_first_frames_are_kept() -> None:
    frames = "\n".join(f"    at org.example.Part{n}.run(Part.java:{n})" for n in range(80))
    trimmed = trim_body(f"Crash\n{frames}\nEvery time.")
    assert "Part0.run" in trimmed
    assert "Part50.run" not in trimmed
    assert "Every time." in trimmed


def test_of_a_code_block_the_head_is_kept() -> None:
    code = "\n".join(f"call_number_{n}(argument, another_argument)" for n in range(200))
    trimmed = trim_body(f"Look:\n```\n{code}\n```\nIt should work.")
    assert "call_number_5(" in trimmed
    assert "call_number_100(" not in trimmed
    assert trimmed.endswith("It should work.")
