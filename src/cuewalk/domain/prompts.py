"""The key of every line that is spoken, and the slots of its text; a locale has a text for each of them.

Keys are a type: mypy refuses one that is not listed here, and a locale pack without one is a content fault.
"""

from collections.abc import Mapping
from typing import Final, Literal, get_args

from cuewalk.domain.errors import BugError

#: "literal" is a line of the content itself (slot ``text``), "coaching" a cue of the pack (slot ``index``).
PromptKey = Literal[
    "literal", "coaching", "welcome_first", "welcome_back", "welcome_resumed", "safety_intro",
    "safety_confirm", "safety_done", "ask_ready", "stop_and_sit", "ask_steady", "left_out_today",
    "emergency_stop", "emergency_call", "emergency_denial", "farewell", "farewell_unheard",
    "farewell_whom", "farewell_unheard_whom", "left_early", "each_flag_intro", "each_flag", "go_anyway",
    "rest_days", "rest_goodbye", "begin_gently", "without_optional", "without_instead",
    "without_left_out", "nothing_to_do", "red_flag_professional", "red_flag_emergency", "red_flag_whom",
    "ask_side", "ask_construct", "ask_baseline", "ask_before", "ask_after", "ask_during",
    "confirm_rating", "which_rating", "need_number", "rating_beyond", "rating_unsure", "readback",
    "corrected", "asked_again", "rating_missing", "introduce", "instead", "on_side",
    "ready_go", "count", "count_phase", "halfway", "last_one", "hold_start",
    "set_rest", "movement_done", "verdict_keep_clear", "verdict_keep_small",
    "verdict_no_room", "verdict_not_rated", "verdict_unchanged", "verdict_worse", "verdict_not_now",
    "review_intro", "review_fault", "review_easier", "review_again", "red_zone",
    "hurt_ack", "hurt_stop_movement", "hurt_go_easier", "rest", "rest_over", "carry_over_note",
    "settle", "settle_first", "paused", "paused_no_answer", "paused_not_understood", "paused_help",
    "paused_help_introduce", "paused_help_perform", "paused_help_verdict", "paused_help_review",
    "paused_help_rest", "paused_note", "resumed", "stop_ask", "carry_on", "slower", "faster", "slowest",
    "fastest", "smaller", "bigger", "smallest", "biggest", "skipped", "back", "no_back",
    "louder", "quieter", "loudest", "quietest", "talk_faster", "talk_slower", "another_voice",
    "only_voice", "voice_sample", "more_time", "less_talk", "more_talk", "switched",
    "cannot_switch", "how_long", "how_many", "how_many_none", "why", "why_own", "status",
    "what_heard", "what_heard_nothing", "note_ask", "note_kept", "keep_it", "not_now_it",
    "bucket_none", "help_welcome", "help_ready", "help_unsteady", "help_emergency", "help_farewell",
    "help_safety", "help_confirm_safety", "help_each_flag", "help_go_anyway", "help_rest_offer",
    "help_rest_days", "help_equipment", "help_before_note", "help_put_off", "help_ask_side",
    "help_ask_construct", "help_baseline", "help_rate_before", "help_perform", "help_rate_after",
    "help_rate_during", "help_confirm_rating", "help_verdict", "help_review", "help_rest",
    "help_settle", "help_paused", "help_stop_asked", "help_note", "help_introduce", "help_summary",
    "not_here", "not_understood", "not_caught", "microphone_lost", "microphone_lost_waiting",
    "microphone_back", "microphone_back_waiting", "speaker_lost", "speaker_lost_waiting",
    "speaker_back", "speaker_back_waiting", "canceller_lost", "sound_check_begin",
    "sound_check_ask", "sound_check_again",
    "sound_check_good", "sound_check_heard", "sound_check_dead", "sound_check_nobody",
    "sound_check_wrong", "sound_check_clipping", "sound_check_faint", "sound_check_noisy",
    "sound_check_narrow", "sound_check_echo", "sound_check_late", "sound_check_headphones",
    "checkin_hello", "checkin_fine", "checkin_repeat", "checkin_flare_up", "checkin_unknown",
    "checkin_resting", "checkin_stopped", "checkin_unanswered", "checkin_worry", "checkin_nothing_kept",
    "summary_intro", "summary_keep", "summary_not_now", "summary_undecided", "summary_keep_side",
    "summary_not_now_side", "summary_undecided_side", "summary_none", "summary_honest", "goodbye",
    "goodbye_stopped",
]  # fmt: skip
#: Slots of the keys that have any; "?" marks a slot that a text may leave out.
_SLOTS: Final[Mapping[PromptKey, str]] = {
    "each_flag": "text", "go_anyway": "n?", "without_instead": "name", "without_left_out": "name text",
    "ask_baseline": "construct", "ask_before": "construct", "ask_after": "construct",
    "ask_during": "construct?", "confirm_rating": "value", "which_rating": "low high",
    "readback": "value", "corrected": "value", "introduce": "name n? total?", "instead": "name",
    "on_side": "side", "count": "n", "count_phase": "n text", "hold_start": "n",
    "review_fault": "text", "review_easier": "text", "rest": "n",
    "smaller": "text?", "bigger": "text?", "switched": "side", "how_long": "n", "how_many": "left",
    "why": "text", "why_own": "text", "status": "n? total? name", "what_heard": "text",
    "sound_check_ask": "value", "sound_check_again": "value", "sound_check_good": "value",
    "sound_check_heard": "value", "sound_check_wrong": "value", "checkin_resting": "text",
    "summary_keep": "text", "summary_not_now": "text", "summary_undecided": "text",
    "summary_keep_side": "name side", "summary_not_now_side": "name side",
    "summary_undecided_side": "name side",
}  # fmt: skip
#: Every key of a locale pack to its slots.
PROMPT_SLOTS: Final[Mapping[PromptKey, str]] = {
    key: _SLOTS.get(key, "") for key in get_args(PromptKey) if key not in {"literal", "coaching"}
}


def key_of(name: str) -> PromptKey:
    """Return a key that was put together from parts.

    Raises:
        BugError: if there is no such key.
    """
    for key in PROMPT_SLOTS:
        if key == name:
            return key
    raise BugError(f'No prompt has the key "{name}".')
