using Signing.Tests.Support;

namespace Signing.Tests.Vectors;

/// <summary>Which vectors prove which line of the protocol checklist, against the core. A table.</summary>
public sealed class ProtocolChecklistTests
{
    [Theory]
    [Trait("Protocol", "C1")]
    [InlineData("unsupported-component--field-name-in-upper-case")]
    [InlineData("unsupported-component--derived-component-in-upper-case")]
    [InlineData("verified--field-name-in-any-case")]
    public void Component_names_are_lower_case(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "C2")]
    [InlineData("malformed-signature-input--component-twice")]
    [InlineData("malformed-signature-input--component-twice-with-reordered-parameters")]
    [InlineData("verified--same-field-with-different-parameters")]
    public void A_component_is_listed_once_whatever_the_order_of_its_parameters(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "C3")]
    [InlineData("malformed-signature-input--signature-params-listed")]
    [InlineData("malformed-signature-input--signature-params-listed-first")]
    public void The_signature_parameters_are_never_listed(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "C4")]
    [InlineData("unsupported-component--unknown-derived-component")]
    [InlineData("unsupported-component--at-sign-alone")]
    [InlineData("verified--at-method-header-is-not-the-method")]
    [InlineData("invalid-credential--at-method-header-feeds-the-method")]
    public void A_name_that_begins_with_an_at_sign_is_no_field(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "C5")]
    [InlineData("unsupported-component--unknown-field-parameter")]
    [InlineData("unsupported-component--unknown-derived-parameter")]
    [InlineData("unsupported-component--sf-on-a-derived-component")]
    [InlineData("unsupported-component--bs-with-sf")]
    [InlineData("unsupported-component--bs-with-key")]
    [InlineData("unsupported-component--sf-false")]
    [InlineData("unsupported-component--sf-as-a-string")]
    [InlineData("unsupported-component--key-as-a-token")]
    [InlineData("unsupported-component--req-on-a-request")]
    [InlineData("unsupported-component--name-on-a-field")]
    public void A_component_parameter_that_is_unknown_ill_typed_or_out_of_place_is_refused(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "C6")]
    [InlineData("malformed-signature-input--tokens-instead-of-strings")]
    [InlineData("malformed-signature-input--a-number-as-a-component")]
    [InlineData("malformed-signature-input--bytes-as-a-component")]
    public void A_covered_component_is_a_String(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "C7")]
    [InlineData("verified--absolute-form-wins-over-host")]
    [InlineData("verified--authority-form-wins-over-host")]
    [InlineData("missing-component--no-request-target")]
    public void All_components_come_from_one_target(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "C8")]
    [InlineData("missing-component--absent-field")]
    [InlineData("missing-component--absent-dictionary-key")]
    [InlineData("missing-component--query-parameter-absent")]
    public void A_component_without_a_value_leaves_no_base(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "F1")]
    [InlineData("verified--several-field-lines-joined")]
    [InlineData("verified--obsolete-fold-becomes-one-space")]
    [InlineData("verified--inner-spaces-and-tabs-kept")]
    [InlineData("invalid-credential--inner-spaces-collapsed")]
    [InlineData("invalid-credential--field-lines-swapped")]
    [InlineData("invalid-credential--field-line-added")]
    public void Field_lines_are_trimmed_unfolded_and_joined_in_order(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "F2")]
    [InlineData("verified--empty-field")]
    [InlineData("verified--field-of-spaces-only")]
    [InlineData("missing-component--absent-field")]
    [InlineData("insufficient-coverage--empty-authorization-present-and-uncovered")]
    public void An_empty_field_is_not_an_absent_one(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "F4")]
    [InlineData("missing-component--field-with-a-non-ascii-letter")]
    [InlineData("missing-component--field-with-a-non-ascii-letter-as-bytes")]
    [InlineData("invalid-credential--unencodable-character-signed-as-a-question-mark")]
    [InlineData("missing-component--target-with-a-non-ascii-letter")]
    public void What_is_not_ASCII_is_refused_and_never_replaced(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "F5")]
    [InlineData("missing-component--field-with-a-bare-line-feed")]
    [InlineData("missing-component--field-with-a-bare-carriage-return")]
    [InlineData("missing-component--field-with-a-line-end-and-no-fold")]
    [InlineData("invalid-credential--fold-kept-as-a-line-end")]
    public void No_value_has_a_line_end(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "F6")]
    [InlineData("verified--structured-field-reserialised")]
    [InlineData("verified--structured-field-over-two-lines")]
    [InlineData("unsupported-component--sf-on-a-field-of-unknown-type")]
    [InlineData("unsupported-component--sf-on-a-field-that-is-no-structured-field")]
    [InlineData("missing-component--malformed-structured-field")]
    public void A_field_is_reserialised_only_if_its_type_is_known(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "F7")]
    [InlineData("verified--dictionary-member")]
    [InlineData("missing-component--absent-dictionary-key")]
    [InlineData("unsupported-component--key-in-a-list")]
    [InlineData("missing-component--dictionary-key-twice")]
    public void A_dictionary_member_is_written_without_its_key(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "F8")]
    [InlineData("verified--byte-wrapped-lines")]
    [InlineData("invalid-credential--byte-wrapped-lines-split-elsewhere")]
    public void Byte_wrapped_lines_stay_apart(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "F9")]
    [InlineData("unsupported-component--trailer")]
    public void Trailers_are_refused_cleanly(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "D1")]
    [InlineData("missing-component--target-with-a-non-ascii-letter")]
    [InlineData("missing-component--authority-of-two-joined-hosts")]
    public void A_derived_value_is_printable(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "@method")]
    [InlineData("verified--lower-case-method")]
    [InlineData("verified--method-of-our-own")]
    [InlineData("invalid-credential--method-in-another-case")]
    public void The_method_is_taken_verbatim(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "@target-uri")]
    [InlineData("verified--target-uri-stands-for-its-parts")]
    [InlineData("verified--target-uri-keeps-an-empty-query")]
    [InlineData("invalid-credential--target-uri-with-an-added-question-mark")]
    [InlineData("missing-component--target-with-a-fragment")]
    [InlineData("missing-component--absolute-form-with-userinfo")]
    public void The_target_URI_keeps_its_query_and_has_neither_fragment_nor_user_information(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "@authority")]
    [InlineData("verified--authority-in-upper-case-with-the-default-port")]
    [InlineData("verified--authority-with-the-default-port-of-http")]
    [InlineData("verified--authority-with-the-other-schemes-port")]
    [InlineData("verified--authority-ipv6-with-the-default-port")]
    [InlineData("verified--absolute-form-wins-over-host")]
    public void The_authority_is_in_lower_case_without_its_default_port(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "@scheme")]
    [InlineData("verified--scheme-in-upper-case")]
    [InlineData("invalid-credential--scheme-changed")]
    public void The_scheme_is_in_lower_case(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "@request-target")]
    [InlineData("verified--asterisk-form-with-its-request-target")]
    [InlineData("insufficient-coverage--asterisk-form-without-request-target")]
    [InlineData("insufficient-coverage--authority-form-without-request-target")]
    public void The_request_target_is_covered_where_nothing_else_tells_the_forms_apart(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "@path")]
    [InlineData("verified--percent-encoding-untouched")]
    [InlineData("verified--path-with-dot-segments-as-sent")]
    [InlineData("verified--path-that-looks-like-an-authority")]
    [InlineData("verified--absolute-form-without-a-path")]
    [InlineData("invalid-credential--path-with-another-percent-encoding")]
    [InlineData("invalid-credential--path-that-resolves-to-the-signed-one")]
    public void The_path_is_neither_decoded_nor_resolved(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "@query")]
    [InlineData("verified--no-query")]
    [InlineData("verified--empty-query")]
    [InlineData("verified--query-with-a-second-question-mark")]
    [InlineData("invalid-credential--query-with-another-percent-encoding")]
    public void The_query_is_raw_and_absent_is_as_empty(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "@query-param")]
    [InlineData("verified--query-parameter")]
    [InlineData("verified--query-parameter-with-an-empty-name")]
    [InlineData("missing-component--query-parameter-twice")]
    [InlineData("missing-component--query-parameter-twice-in-another-encoding")]
    [InlineData("missing-component--query-parameter-in-another-case")]
    [InlineData("unsupported-component--query-param-without-a-name")]
    public void A_query_parameter_is_re_encoded_and_occurs_once(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "@status")]
    [InlineData("unsupported-component--status-in-a-request")]
    public void A_request_has_no_status(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "P1")]
    [InlineData("malformed-signature-input--created-as-a-string")]
    [InlineData("malformed-signature-input--created-as-a-decimal")]
    [InlineData("malformed-signature-input--created-as-a-flag")]
    [InlineData("malformed-signature-input--keyid-as-a-token")]
    [InlineData("malformed-signature-input--nonce-as-a-number")]
    [InlineData("malformed-signature-input--alg-as-a-token")]
    [InlineData("malformed-signature-input--tag-as-a-token")]
    public void Signature_parameters_have_their_types(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "P2")]
    [InlineData("verified--signature-parameters-in-another-order")]
    [InlineData("invalid-credential--signature-parameters-reordered")]
    public void Parameters_keep_the_order_of_the_signer(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "P3")]
    [InlineData("verified--unknown-signature-parameters")]
    [InlineData("verified--unknown-signature-parameters-reserialised")]
    [InlineData("invalid-credential--unknown-parameter-dropped-from-the-base")]
    [InlineData("malformed-signature-input--unknown-parameter-refused-by-the-policy")]
    public void Unknown_parameters_stay_in_the_base_and_mean_nothing(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "P4")]
    [InlineData("malformed-signature-input--created-negative")]
    [InlineData("malformed-signature-input--expires-before-created")]
    [InlineData("malformed-signature-input--created-as-a-date")]
    [InlineData("created-in-future--created-with-15-digits")]
    [InlineData("lifetime-too-long--expires-in-the-year-33658")]
    [InlineData("malformed-signature-input--integer-of-16-digits")]
    public void Times_out_of_range_are_refused_cleanly(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "B1")]
    [InlineData("verified--plain-get")]
    [InlineData("verified--rfc9421-b-2-5-hmac-sha256")]
    [InlineData("invalid-credential--mac-over-the-base-with-a-final-newline")]
    [InlineData("invalid-credential--mac-over-the-base-with-crlf")]
    public void The_base_has_one_line_for_each_component_and_ends_without_a_newline(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "B2")]
    [InlineData("verified--extra-spaces-in-signature-input")]
    [InlineData("verified--leading-zeros-in-created")]
    [InlineData("verified--unknown-signature-parameters-reserialised")]
    public void The_parameters_are_reserialised(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "B3")]
    [InlineData("verified--components-in-another-order")]
    [InlineData("invalid-credential--mac-over-sorted-lines")]
    public void The_order_of_the_list_is_the_order_of_the_lines(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "B4")]
    [InlineData("malformed-signature--empty-mac")]
    [InlineData("malformed-signature--first-byte-of-the-mac")]
    [InlineData("malformed-signature--first-16-bytes-of-the-mac")]
    [InlineData("malformed-signature--mac-with-one-byte-more")]
    [InlineData("invalid-credential--first-bit-of-the-mac-flipped")]
    [InlineData("invalid-credential--last-bit-of-the-mac-flipped")]
    public void All_32_bytes_of_the_MAC_are_compared(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "W1")]
    [InlineData("malformed-signature--label-only-in-signature")]
    [InlineData("malformed-signature--label-only-in-signature-input")]
    [InlineData("malformed-signature-input--label-twice")]
    [InlineData("malformed-signature-input--label-twice-over-two-lines")]
    [InlineData("malformed-signature--label-twice-in-signature")]
    [InlineData("malformed-signature--label-twice-instead-of-another")]
    [InlineData("malformed-signature--another-label")]
    public void Both_fields_have_the_same_labels_each_once(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "W2")]
    [InlineData("verified--two-field-lines")]
    [InlineData("verified--joined-field-lines-with-tabs-around-the-comma")]
    [InlineData("malformed-signature-input--string-split-over-two-lines")]
    [InlineData("malformed-signature-input--empty-line-last")]
    public void Several_lines_are_one_field(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "W3")]
    [InlineData("verified--parameter-on-signature")]
    [InlineData("malformed-signature--mac-as-a-string")]
    [InlineData("malformed-signature--mac-in-an-inner-list")]
    [InlineData("malformed-signature-input--string-instead-of-an-inner-list")]
    public void A_signature_is_a_Byte_Sequence_and_its_input_an_Inner_List(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "W6")]
    [InlineData("verified--renamed-label")]
    [InlineData("verified--labels-in-another-order-in-signature")]
    public void A_label_means_nothing(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "V1")]
    [InlineData("insufficient-coverage--nothing-covered")]
    [InlineData("insufficient-coverage--only-the-method")]
    [InlineData("insufficient-coverage--component-the-policy-adds")]
    [InlineData("missing-parameter--nonce-required")]
    [InlineData("insufficient-coverage--content-type-present-and-uncovered")]
    public void What_the_policy_asks_for_is_enforced(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "V3")]
    [InlineData("verified--foreign-signature-of-an-unknown-key-first")]
    [InlineData("verified--broken-signature-of-the-same-key-first")]
    [InlineData("verified--broken-signature-of-the-same-key-second")]
    [InlineData("verified--foreign-64-byte-signature-first")]
    [InlineData("verified--tag-selects-the-second")]
    [InlineData("missing-signature--another-tag")]
    [InlineData("verified--member-that-is-no-inner-list-first")]
    public void A_foreign_signature_neither_authenticates_nor_denies(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "V4")]
    [InlineData("verified--created-at-the-edge-of-the-future-skew")]
    [InlineData("created-in-future--created-one-second-beyond-the-skew")]
    [InlineData("verified--created-at-the-edge-of-the-age")]
    [InlineData("too-old--created-one-second-beyond-the-age")]
    [InlineData("verified--expires-at-the-edge-of-the-skew")]
    [InlineData("expired-signature--expires-one-second-beyond-the-skew")]
    [InlineData("verified--expires-at-the-edge-of-the-lifetime")]
    [InlineData("lifetime-too-long--expires-one-second-beyond-the-lifetime")]
    public void Times_are_checked_to_the_second(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "G1")]
    [InlineData("unsupported-digest--md5-only")]
    [InlineData("unsupported-digest--sha-1-only")]
    [InlineData("verified--content-with-a-deprecated-digest-beside-a-good-one")]
    public void A_deprecated_digest_proves_nothing(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "G3")]
    [InlineData("verified--content-with-both-digests")]
    [InlineData("digest-mismatch--one-of-two-digests-wrong")]
    [InlineData("digest-mismatch--one-of-two-digests-wrong-the-first")]
    [InlineData("unsupported-digest--digest-member-twice")]
    [InlineData("insufficient-coverage--one-digest-member-is-not-the-field")]
    public void Every_supported_digest_matches_and_the_whole_field_is_covered(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "G4")]
    [InlineData("insufficient-coverage--content-type-present-and-uncovered")]
    [InlineData("insufficient-coverage--content-encoding-present-and-uncovered")]
    public void Content_type_and_encoding_are_covered_with_the_digest(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "G5")]
    [InlineData("verified--empty-content-with-its-digest")]
    [InlineData("digest-mismatch--content-removed")]
    public void The_digest_of_nothing_proves_that_there_is_none(string vector) => Prove(vector);

    [Theory]
    [Trait("Protocol", "G8")]
    [InlineData("unsupported-digest--digest-in-the-form-of-rfc-3230")]
    public void The_form_of_RFC_3230_is_no_Byte_Sequence(string vector) => Prove(vector);

    private static void Prove(string name)
    {
        var vector = MessageVector.All[name];
        Assert.Equal(vector.Expected, CoreVerification.Verify(vector.Request, vector.Context));
    }
}
