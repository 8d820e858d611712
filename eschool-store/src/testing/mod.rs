//! The suite that every backend must pass.
//!
//! * [`conformance!`](crate::conformance!) expands to one test for each case.
//! * [`mod@backend`]: cases over a raw [`Backend`].
//! * [`mod@store`]: cases over a [`Store`](crate::Store), the use cases.
//! * `imports`: a school's files imported again, with the feature `exchange`.
//! * [`tampering`]: what is done to the tables of a database is found.
//! * [`fixtures`]: the values they share.
//!
//! A case is `pub async fn name(backend: impl Backend)`, given an empty database; it panics if the
//! backend is wrong. Cases know nothing of any one backend.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failed expectation is how a case fails"
)]

pub mod backend;
pub mod fixtures;
#[cfg(feature = "exchange")]
pub mod imports;
pub mod store;
pub mod tampering;

use crate::backend::{Access, Backend, Changes, Tx};

/// Saves changes in a transaction of their own.
pub async fn save(backend: &impl Backend, changes: &Changes) {
    let mut tx = backend.begin(Access::Write).await.expect("a writer begins");
    tx.apply(changes).await.expect("the changes are written");
    tx.commit().await.expect("the changes are committed");
}

/// A transaction to read with.
pub async fn reading(backend: &impl Backend) -> Box<dyn Tx> {
    backend.begin(Access::Read).await.expect("a reader begins")
}

/// The backend as any backend, so that the cases are compiled once, however many are tested.
#[must_use]
pub fn boxed(backend: impl Backend + 'static) -> Box<dyn Backend> {
    Box::new(backend)
}

/// One test for each case of the suite, over fresh databases.
///
/// The expression is a future that gives an empty backend; it is evaluated anew for each case. The
/// tests run on tokio, which the crate that calls this needs as a dependency, with the feature
/// `macros`.
///
/// ```
/// # // Expanded here only to show that it compiles; a doctest runs no `#[test]`.
/// use eschool_store::memory::MemoryBackend;
///
/// #[cfg(test)]
/// mod tests {
///     use super::*;
///
///     eschool_store::conformance!(async { MemoryBackend::new() });
/// }
/// ```
///
/// Where there may be no backend to test, as where a server is needed, the future gives an `Option`
/// behind the word `if_there`; without one each test says that it was skipped, and passes:
///
/// ```
/// # use eschool_store::memory::MemoryBackend;
/// #[cfg(test)]
/// mod tests {
///     use super::*;
///
///     eschool_store::conformance!(if_there async { None::<MemoryBackend> });
/// }
/// ```
#[macro_export]
macro_rules! conformance {
    (@cases $mode:ident $make:expr =>
        $( $layer:ident $module:ident: $( $case:ident )+; )+
    ) => {$($(
        #[tokio::test]
        async fn $case() {
            $crate::conformance! { @run $mode $make, $crate::testing::$layer::$module::$case }
        }
    )+)+};
    (@run always $make:expr, $case:path) => {
        $case($crate::testing::boxed(($make).await)).await;
    };
    (@run if_there $make:expr, $case:path) => {
        match ($make).await {
            Some(backend) => $case($crate::testing::boxed(backend)).await,
            None => println!("skipped: no backend to test"),
        }
    };
    (if_there $make:expr) => {
        $crate::conformance! { @list if_there $make }
    };
    ($make:expr) => {
        $crate::conformance! { @list always $make }
    };
    (@list $mode:ident $make:expr) => {
        $crate::conformance! { @cases $mode $make =>
            backend rows:
                schools_are_loaded_as_saved
                classes_are_loaded_as_saved
                accounts_are_loaded_as_saved
                a_patronymic_of_another_form_is_kept
                stays_are_loaded_as_saved
                memberships_are_loaded_as_saved
                guardianships_are_loaded_as_saved
                posts_are_loaded_as_saved
                refused_rows_are_loaded_as_saved;
            backend journal_rows:
                lessons_are_loaded_as_saved
                works_are_loaded_as_saved
                marks_are_loaded_as_saved
                attendance_is_loaded_as_saved
                individual_homework_is_loaded_as_saved
                final_marks_are_loaded_as_saved
                logs_take_the_same_line_again
                thousands_of_rows_are_saved_at_once;
            backend registry:
                a_registry_is_loaded_as_saved
                schools_stand_by_name
                a_registry_stands_in_its_order
                a_second_save_replaces_rows_of_people
                saving_again_keeps_what_hangs_on_a_row
                two_classes_of_one_name_are_refused
                two_schools_of_one_prefix_are_refused
                settled_rows_are_forgotten
                rows_are_taken_away_by_their_keys
                a_row_is_taken_away_before_another_is_written;
            backend frame:
                a_frame_is_loaded_as_saved
                a_frame_replaces_the_former_whole;
            backend claims:
                claims_are_found_by_key
                several_accounts_hold_one_key
                typed_keys_are_replaced_with_the_account
                other_keys_outlive_a_correction
                a_claim_is_replaced_by_its_key
                a_claim_is_taken_away_by_its_key
                thousands_of_keys_are_asked_for_at_once
                shared_phones_are_loaded_as_saved;
            backend members:
                members_are_loaded_with_all_they_are
                children_come_with_birth_date_and_stays
                several_members_come_as_they_are_asked_for;
            backend sign_in:
                cards_are_loaded_as_saved
                a_new_card_replaces_the_former
                a_login_has_one_card
                counters_are_loaded_as_saved
                a_device_remembers_its_logins
                sessions_are_loaded_as_saved
                ended_sessions_are_gone
                sessions_stand_by_their_end
                what_a_new_card_ends_is_gone;
            backend apps:
                app_grants_are_loaded_as_saved
                only_an_app_that_is_in_goes_on
                an_app_ends_with_its_sessions
                app_grants_stand_by_their_end;
            backend refusals:
                accounts_are_found_by_person
                duties_are_loaded_as_saved
                refused_sign_ins_are_loaded_as_saved
                refused_sign_ins_are_found_by_person
                cases_stand_by_their_end
                invitations_are_loaded_as_saved
                invitations_stand_by_their_end;
            backend merges:
                what_merging_reads_is_there
                a_moved_account_takes_its_claims_along
                merges_are_loaded_as_saved
                who_is_kept_apart_is_found_by_either;
            backend year:
                what_is_about_somebody_is_found_in_the_audit
                what_others_did_is_found_by_the_time
                what_is_kept_of_an_account_is_found
                erased_accounts_are_found_by_nothing
                new_years_are_loaded_as_saved;
            backend audit:
                audit_entries_are_loaded_as_saved
                the_audit_is_told_newest_first;
            backend audit_chain:
                seals_are_loaded_as_saved
                sealed_entries_are_told_from_others
                chains_are_found_one_after_another
                an_entry_is_sealed_once;
            backend journal:
                a_class_journal_holds_its_class_alone
                the_journal_of_some_days_holds_them_alone
                rows_of_a_journal_are_taken_away
                a_mark_given_late_comes_with_its_work
                a_second_save_replaces_rows_of_the_journal
                a_lesson_moves_with_all_that_stands_in_it
                two_lessons_in_one_place_are_refused
                two_equal_marks_are_two_marks
                final_marks_stand_in_their_order;
            backend lesson:
                a_page_is_loaded_as_saved
                what_is_written_in_a_lesson_moves_its_version_on
                an_emptied_lesson_has_what_the_changes_bring
                rows_move_in_their_own_school
                lessons_of_some_days_are_loaded
                works_come_with_their_lessons
                marks_are_found_by_pupil_and_work
                everybody_of_a_class_is_loaded
                staff_are_loaded_by_name
                what_became_of_marks_is_loaded_as_saved
                remarks_stand_in_the_diary
                rules_of_assessment_stand_on_the_cover
                final_marks_are_taken_away;
            backend events:
                events_are_loaded_as_saved
                events_are_found_by_pupil
                an_event_takes_no_others_place;
            backend family:
                letters_stand_by_when_they_are_due
                links_and_cases_are_loaded_as_saved
                cases_are_found_by_whom_they_are_about
                consents_and_excuses_are_loaded_as_saved
                what_is_nobodys_is_refused
                the_other_sessions_of_a_person_end
                a_choice_brings_no_session_back;
            backend diary:
                a_slice_holds_all_that_its_days_are_made_of
                a_cover_is_loaded
                a_cover_tells_what_ties_a_parent_to_the_pupil
                the_ends_of_a_range_belong_to_it
                a_pupil_who_changed_class_has_both
                lessons_of_every_subgroup_are_there
                stays_and_memberships_are_told_whatever_the_range
                a_journal_ends_with_its_last_lesson
                who_has_no_class_has_the_calendar_alone;
            backend own_rows:
                rows_of_other_pupils_are_not_there
                later_marks_for_what_is_owed_are_there
                marks_stand_in_the_order_they_were_given
                absences_and_homework_stand_by_day;
            backend upcoming:
                the_first_of_each_subgroup_and_subject_is_upcoming
                a_cancelled_lesson_is_not_upcoming
                a_replacement_is_upcoming_for_what_is_taught
                each_stay_has_its_own_upcoming_lessons
                each_membership_has_its_own_upcoming_lessons
                lessons_on_doubtful_days_are_not_the_last_upcoming;
            backend apart:
                two_schools_with_the_same_identifiers_stay_apart
                a_row_is_not_found_under_another_school
                an_empty_database_answers
                empty_changes_are_taken;
            backend transactions:
                dropped_changes_leave_no_trace
                uncommitted_changes_are_not_seen
                a_transaction_sees_its_own_changes
                a_snapshot_does_not_move
                a_reading_transaction_refuses_changes
                a_refused_change_leaves_no_trace
                a_writer_waits_for_the_one_before
                two_writers_at_once_both_land
                no_update_is_lost
                no_update_in_turn_is_lost
                a_writer_waits_for_its_turn;
            store apps:
                an_app_opens_what_its_person_may
                a_code_is_good_once
                a_code_is_bound
                a_code_ends_with_its_session
                an_app_lets_in_no_other
                an_app_gets_the_chosen_school
                an_app_is_kept_by_hashes;
            store app_devices:
                tokens_rotate
                a_token_used_twice_ends_the_access
                two_refreshes_at_once_are_one
                two_redemptions_at_once_are_one
                an_app_ends_with_its_grant
                an_app_that_is_not_used_is_out
                a_code_that_waits_in_vain_is_forgotten
                each_refresh_judges_anew
                who_is_told_apart_loses_the_others_accounts
                signing_out_of_an_app_ends_its_access
                own_devices_are_listed_and_put_out
                a_new_password_puts_apps_out;
            store audits:
                the_audit_is_sealed_chain_by_chain
                what_people_do_is_sealed
                a_chain_that_was_cut_off_is_found
                a_checkpoint_proves_itself
                a_database_knows_its_keys;
            store cards:
                who_left_meanwhile_gets_no_card
                a_class_gets_cards_but_for_who_is_too_old
                a_second_card_changes_the_password_alone
                a_second_card_ends_what_the_first_opened
                cards_are_for_todays_pupils
                cards_are_written_down;
            store card_journals:
                cards_are_the_class_teachers_to_make
                who_is_barred_from_a_child_makes_it_no_card
                the_card_journal_tells_who_did_what
                a_card_step_out_of_order_is_refused
                a_lost_card_is_replaced
                a_lost_card_is_replaced_for_a_pupil_of_today
                a_withdrawn_card_opens_nothing
                who_finds_no_turn_makes_no_cards
                a_broken_card_journal_holds_up_no_class
                a_card_step_is_taken_though_a_clock_is_ahead;
            store deliveries:
                a_form_that_arrives_twice_is_one;
            store choices:
                merged_accounts_are_open_together
                separate_accounts_are_open_one_at_a_time
                only_a_granted_account_is_chosen
                one_account_is_open_at_once;
            store diaries:
                a_pupil_reads_their_own_diary
                every_account_of_a_parent_is_asked
                a_parent_reads_until_the_child_is_of_age
                the_end_of_the_password_is_told_in_time
                a_diary_closes_when_the_pupil_has_left
                a_mark_after_the_term_closes_a_debt;
            store enrolment:
                a_pupil_moves_to_another_class
                what_a_move_changes_is_told
                a_refused_move_leaves_no_trace
                a_pupil_goes_to_another_school
                the_stricter_bond_goes_along
                a_refused_transfer_leaves_no_trace
                a_year_in_two_schools_is_one;
            store erasing:
                a_year_in_two_schools_outlives_the_policys_days
                a_ground_keeps_who_is_due
                a_merge_is_undone_without_who_was_erased
                who_never_was_anything_is_erased;
            store whose_data:
                refused_rows_tell_of_whom_they_name
                who_is_barred_deals_with_nothing_of_the_child
                what_esia_said_is_found_by_any_account
                what_esia_said_goes_with_the_number
                a_mark_taken_back_is_given
                who_has_to_stay_holds_up_nobody
                what_does_not_open_keeps_nobody_else;
            store esia:
                a_parent_is_found_by_snils
                a_parent_is_found_by_a_verified_phone
                a_stranger_with_a_parents_old_number_is_not_found
                a_contradicted_snils_is_ambiguous
                a_teacher_who_is_a_parent_is_both
                an_older_pupil_signs_in_through_esia
                a_session_ends_with_the_guardianship
                joined_accounts_come_along
                a_sign_in_is_foreseen_without_a_trace
                the_number_in_esia_is_noted_once
                days_are_those_of_the_school
                sign_ins_through_esia_are_audited;
            store events:
                events_are_told_to_who_may_read_the_diary
                events_are_followed_by_a_cursor
                staff_who_follow_events_are_audited
                events_tell_of_other_days_too
                what_two_editors_write_and_what_is_told_agree;
            store finals:
                finals_are_written_by_who_teaches_the_subject
                means_are_counted_by_the_schools_rules;
            store forgetting:
                what_has_had_its_time_is_forgotten
                thousands_are_forgotten_at_once;
            store invitations:
                a_newcomer_becomes_administrator
                an_invitation_is_good_once_and_for_three_days
                who_is_refused_leaves_the_invitation_good
                a_teacher_keeps_the_account
                who_is_known_elsewhere_stays_one_person
                a_phone_joins_nobody_across_schools
                one_of_two_acceptances_at_once_lands
                an_unknown_school_invites_nobody
                invitations_are_audited_without_personal_data
                without_an_invitation_a_newcomer_is_nobody;
            store lessons:
                a_lesson_is_saved_whole
                the_second_of_two_editors_sees_the_conflict
                one_of_two_editors_at_once_lands
                a_refused_lesson_leaves_no_trace
                lessons_are_their_teachers_to_write
                marks_have_a_history
                a_moved_lesson_takes_along_what_stands_in_it
                looks_at_lessons_and_writes_are_audited;
            store merges:
                one_snils_becomes_one_person
                a_merge_is_undone
                a_later_merge_is_undone_first
                a_conflict_is_settled
                who_is_kept_apart_is_not_guessed
                two_accounts_are_settled_or_none
                only_an_operator_merges;
            store new_year:
                a_class_becomes_the_next_one
                a_new_year_is_undone_while_nothing_was_written_to_it
                a_year_in_an_archive_is_not_undone
                who_leaves_with_the_last_day_is_left_alone
                a_new_year_brings_back_nobody_erased
                a_graduate_who_stays_is_in_one_class
                a_new_year_in_doubt_is_not_opened;
            store year_archives:
                an_archived_year_is_dropped_and_restored
                an_interrupted_drop_and_restore_go_on
                a_damaged_archive_restores_nothing
                a_year_is_dropped_by_its_archive_and_in_time_alone
                lessons_of_august_go_with_their_class
                who_lost_a_hold_drops_nothing
                a_year_that_cannot_be_compared_is_let_go
                what_others_need_outlives_a_dropped_year
                a_work_goes_with_the_last_year_that_needs_it
                a_mark_for_a_work_in_an_archive_is_corrected
                nobody_erased_meanwhile_gets_an_excuse_back
                what_does_not_open_stays_and_is_told
                a_new_name_keeps_no_year;
            store overviews:
                a_parent_sees_the_children
                children_are_shown_while_their_diaries_may_be_read
                a_bar_holds_in_every_account_of_the_adult
                a_teacher_sees_classes_and_subjects
                a_pupil_sees_the_own_class_alone;
            store parents:
                a_parent_is_entered_by_who_keeps_the_registry
                the_policy_says_who_keeps_the_registry
                a_known_snils_gets_the_child_added
                a_refused_entry_is_kept_until_it_is_right
                the_keys_of_staff_are_the_administrators_to_write
                a_corrected_snils_changes_who_signs_in
                a_corrected_snils_parts_what_it_joined
                a_narrowed_bond_ends_sessions
                incomplete_accounts_are_listed
                who_left_keeps_nobody_incomplete
                a_bond_gives_nobody_the_keys_of_a_parent
                a_namesake_of_another_class_gets_no_key;
            store bonds:
                who_did_not_see_a_bar_does_not_lift_it
                a_bar_is_not_ended_with_the_bond
                who_was_erased_is_not_written_again
                a_corrected_snils_forgets_who_signed_in_by_it;
            store parent_keys:
                another_key_parts_what_was_joined
                nobody_stays_in_by_a_number_that_was_corrected
                a_bond_that_was_over_is_renewed;
            store personal:
                a_person_is_given_everything_kept_of_them
                erased_people_leave_no_trace
                who_is_there_is_not_erased
                closed_accounts_are_erased_after_the_policys_days
                parents_are_told_which_staff_looked
                no_look_is_hidden_behind_others;
            store passwords:
                a_pupil_changes_the_password
                a_password_that_will_not_do_is_refused
                wrong_passwords_are_counted_at_a_change_too
                a_card_replaced_meanwhile_lets_nobody_in
                a_card_replaced_meanwhile_keeps_its_password
                the_device_of_a_change_stays_known;
            store recoveries:
                a_letter_names_every_login_of_the_address
                the_answer_does_not_tell_who_exists
                a_link_is_good_once_and_for_half_an_hour
                a_letter_is_handed_out_until_it_is_sent
                requests_are_bounded
                what_was_asked_is_sealed_and_forgotten
                whoever_grew_too_old_uses_esia
                a_new_card_ends_the_link
                a_letter_that_cannot_be_made_holds_up_no_other
                a_letter_that_comes_late_opens_nothing
                a_link_opens_a_closed_login
                a_link_is_used_by_one_of_two;
            store support_cases:
                a_case_tells_what_stands_in_the_way
                a_refused_entry_is_found
                a_case_goes_its_way
                a_case_is_its_schools
                another_school_is_not_told_of;
            store transfers:
                a_parent_told_apart_gets_no_bond
                a_namesake_told_apart_is_in_nobodys_way
                who_is_told_apart_stays_so_in_the_new_school
                a_bond_that_the_new_school_has_stays_its_own
                a_pupil_is_handed_over_once
                the_years_before_stay_the_former_schools
                a_merge_is_not_undone_behind_a_transfer;
            store case_keeping:
                a_closed_case_is_forgotten
                a_case_is_given_out_and_erased_without_its_refusal
                a_code_is_nobody_elses_while_a_case_has_it
                after_a_closed_case_a_new_one_begins
                codes_are_not_tried_unseen
                a_step_is_taken_though_a_clock_is_ahead;
            store grounds:
                a_pupil_gets_in_by_a_parents_consent
                a_consent_is_the_givers_or_the_registrys
                a_bar_holds_for_consents_in_every_account
                grounds_are_kept_sealed
                what_has_ended_is_not_prolonged
                what_nobody_knows_is_not_consented_to
                a_ground_keeps_a_closed_account;
            store excuses:
                an_accepted_excuse_excuses_absences
                an_excuse_accepted_before_holds_for_later_pages
                a_teacher_has_the_last_word_on_an_absence
                an_excuse_that_does_not_open_stops_no_page
                an_excuse_is_a_parents_to_tell_and_a_class_teachers_to_accept
                what_an_excuse_says_is_sealed;
            store refusals:
                what_esia_said_is_found_by_the_case_code
                what_esia_said_is_sealed
                who_is_refused_again_keeps_the_case
                a_case_is_kept_for_thirty_days
                every_look_at_a_case_is_audited
                a_wrong_password_opens_no_case;
            store rotations:
                a_retired_key_loses_nothing
                what_does_not_open_holds_up_no_other
                what_is_changed_meanwhile_stays_changed;
            store lookups:
                everybody_is_found_by_either_key
                a_merge_sees_one_number_in_two_hashes
                what_was_not_sealed_comes_anew_or_goes
                two_files_agree_while_one_is_rolled_out
                a_login_hashed_meanwhile_lets_in
                cases_are_found_by_the_newest_key
                what_does_not_open_keeps_its_hash;
            store mid_rotation:
                who_is_noted_by_a_hash_alone_is_found_by_what_tells_the_number
                what_the_living_need_stays
                a_sign_in_seals_whatever_has_its_number
                a_case_is_found_after_its_person_signed_in
                a_file_that_lacks_a_key_is_refused
                hashes_change_in_the_turns_of_who_looks_by_them
                what_others_write_just_then_is_left
                who_is_entered_before_the_merge_is_joined_too;
            store shared_phones:
                a_phone_of_two_people_decides_nothing_any_more
                a_shared_phone_is_found_by_either_key
                accounts_that_are_parted_share_their_phone;
            store sessions:
                signing_out_ends_this_session_alone
                a_session_ends_at_the_threshold
                a_session_ends_after_its_time
                what_is_no_token_opens_nothing;
            store sign_ins:
                a_right_password_opens_a_session
                a_wrong_password_and_an_unknown_login_look_alike
                what_a_right_password_tells_a_wrong_one_does_not
                failures_close_a_login_for_a_while
                a_known_device_is_not_locked_out_by_others
                a_family_shares_a_device
                failures_close_a_source
                a_right_password_is_not_counted
                a_right_password_closes_nothing
                attempts_at_once_are_counted_one_by_one
                checked_attempts_are_audited_without_personal_data;
        }
    };
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    /// A case that the macro does not name would never run.
    #[test]
    fn every_case_is_in_the_macro() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/testing");
        let list = fs::read_to_string(folder.join("mod.rs")).unwrap();
        let (_, list) = list.split_once("{ @cases $mode $make =>").unwrap();
        let (list, _) = list.split_once('}').unwrap();
        let mut words = list.split_whitespace().map(|word| word.trim_end_matches(';'));
        let mut cases = 0;
        let files = ["backend", "store"].map(|layer| fs::read_dir(folder.join(layer)).unwrap());
        for file in files.into_iter().flatten() {
            let path = file.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            for case in text.lines().filter_map(|line| line.strip_prefix("pub async fn ")) {
                let (case, _) = case.split_once('(').unwrap();
                assert!(words.clone().any(|word| word == case), "{case} in {}", path.display());
                cases += 1;
            }
        }
        let listed =
            words.by_ref().filter(|word| word.contains('_') && !word.ends_with(':')).count();
        assert_eq!(listed, cases);
    }
}
