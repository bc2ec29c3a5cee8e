# SPDX-License-Identifier: Apache-2.0
"""Every known way to lose an alarm that one embedded database can meet, and the tests that fail without its
answer. The list is the design's; a row without a test here is one that needs several stores or hosts, or a
part that peerkit does not have yet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROWS = {
    "another record refused": "test_another_record_of_the_block_is_refused",
    "another record stale": "test_another_record_of_the_block_is_stale",
    "the caller raises after saving": "test_the_caller_raises",
    "a plugin's check raises": "test_a_plugin_that_raises_or_hangs_is_not_called_before_the_commit",
    "the relationship is paused or ended": "test_the_relationship_lapsed",
    "a role lapsed": "test_the_role_ended",
    "the instrument file changed": "test_the_instruments_file_changed_meanwhile",
    "the disk is full": "test_a_full_disk_raises_with_what_to_do_now_and_loses_nothing",
    "the store is locked": "test_a_locked_store_raises_with_what_to_do_now",
    "screen abandoned": "test_an_abandoned_screen_has_alerted_already_and_every_answer_is_there",
    "session expired": "test_the_session_is_over",
    "the only human present gets no answer": "test_an_answer_gives_next_steps_at_once_and_one_alert",
    "the only human present is told a comfort": "test_the_steps_say_whether_anybody_was_told",
    "no page to see and acknowledge": "test_a_reference_from_a_notice_names_the_alert_too",
    "no worker": "test_every_receipt_says_loudly_when_alerts_are_due_and_nobody_delivers",
    "worker hung": "test_an_observer_that_hangs_is_left_behind",
    "channel hung": "test_a_channel_that_hangs_is_left_behind_and_the_next_rung_is_asked",
    "dead mailbox": "test_an_urgent_notice_takes_two_channels",
    "never tried": "test_a_drill_received_and_acknowledged_on_every_step_makes_a_program_ready",
    "path empty": "test_a_path_whose_people_left_is_grave",
    "all on leave": "test_who_covers_is_asked_instead",
    "two who cover each other": "test_two_who_cover_each_other_leave_nobody",
    "the step is the author": "test_the_author_is_asked_only_when_nobody_else_is_there",
    "the step is the subject": "test_the_subject_is_never_asked_even_if_they_work_here",
    "the step is the one complained of": "test_who_is_named_is_never_asked_and_their_access_rests",
    "a hole that comes": "test_a_hole_in_the_coming_week_makes_a_task",
    "path exhausted": "test_at_the_top_it_starts_again_and_adds_every_coordinator",
    "it stops": "test_it_never_stops_by_itself",
    "clock-change night": "test_a_hole_in_the_night_of_the_change_is_found",
    "a hole in the rota": "test_an_hour_that_nobody_covers_is_refused_unless_declared",
    "solo organization": "test_an_outside_body_that_agreed_stands_in_for_a_solo_organization",
    "quiet hours": "test_nobody_in_their_quiet_hours_is_asked_while_somebody_else_is_there",
    "everybody quiet": "test_quiet_hours_hold_nothing_where_everybody_has_them",
    "mute": "test_a_forbidden_channel_moves_it_on",
    "settings cannot be read": "test_the_settings_cannot_be_read",
    "an auto-reply acknowledges": "test_only_humans_who_may_know_take_it",
    "a deadline from the caller": "test_the_caller_cannot_set_a_deadline",
    "acknowledged, then nothing": "test_acknowledged_and_then_nothing_resumes_the_escalation",
    "the step cannot come": "test_i_cannot_climbs_at_once",
    "closing is impossible": "test_closing_as_incomplete_needs_a_coded_reason_for_each",
    "a lower correction": "test_a_lower_answer_never_lowers",
    "a correction of the yes": "test_a_correction_of_the_yes_does_not_end_the_wait",
    "a later screen": "test_each_screen_and_each_concern_has_its_own_alert",
    "a missing answer": "test_q5_skipped_or_declined_is_no_answer",
    "a task of somebody who left": "test_a_reminder_goes_to_a_coordinator_if_who_had_the_alert_left",
    "alert fatigue": "test_declining_is_a_task_for_the_supporter_of_an_adult_and_an_alert_for_youth",
    "wrong person": "test_a_moved_screen_alarms_for_the_right_person_and_keeps_the_first_alert",
    "typed days later": "test_a_screen_written_down_days_later_runs_from_now_and_says_so",
    "clock back": "test_behind_by_five_minutes_every_open_alert_is_due_once_and_it_says_so",
    "clock forward": "test_a_day_ahead_alarms_go_and_nobody_falls_off_the_path",
    "two hosts disagree": "test_two_hosts_that_disagree_share_one_store",
    "restored from a backup": "test_a_store_put_back_is_held_until_a_human_has_walked_what_it_forgot",
    "two processes hold one delivery": "test_one_claim_is_held_by_one_process_until_it_expires",
    "the holder dies": "test_killed_at_every_point_one_open_alert_is_there_and_was_delivered",
    "an open alert that cannot be read": "test_an_alert_that_cannot_be_read_reaches_every_coordinator",
    "anonymous caller": "test_without_an_account_about_nobody_known",
    "a child is at risk": "test_whoever_is_there_is_told_the_duty_in_these_words",
    "who works here is in danger": "test_a_supporter_raises_an_alarm_for_themselves",
    "death": "test_who_died_gets_no_message_and_the_alert_stays",
    "erasing": "test_erasing_waits_for_the_alert",
    "a scorer that raises": "test_a_scorer_that_fails_alarms",
    "an answer of an unknown shape": "test_an_answer_that_cannot_be_read_is_stored_and_alarms",
    "an unknown instrument": "test_an_instrument_that_nobody_knows_alarms_with_any_answer",
    "a callback swallows it": "test_an_alarm_goes_although_an_observer_fails",
}


@pytest.mark.parametrize("row", ROWS)
def test_the_row_has_its_test(row: str) -> None:
    folder = Path(__file__).parents[1]
    sources = [
        p.read_text(encoding="utf-8") for one in ("safety", "delivery") for p in (folder / one).glob("*.py")
    ]
    found = [source for source in sources if re.search(rf"^def {ROWS[row]}\(", source, re.MULTILINE)]
    assert len(found) == 1
