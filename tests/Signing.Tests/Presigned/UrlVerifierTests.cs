using System.Globalization;
using Signing.Tests.Reference;
using Signing.Tests.Responses;
using Signing.Tests.Support;

namespace Signing.Tests.Presigned;

/// <summary>The core, with URLs that somebody has made by hand, and tampered with.</summary>
public sealed class UrlVerifierTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 20, 0, 0, 700, TimeSpan.Zero);

    [Theory]
    [InlineData("/")]
    [InlineData("/reports/7.pdf?page=2")]
    [InlineData("/a?b?c=d&&")]
    [InlineData("/a?Signature=1&xsignature=2&signature2=3&b=signature=4")]
    [InlineData("/a/../b/%2e%2e/c?d=%zz&e=%2")]
    [InlineData("//evil.example/p")]
    public void A_URL_made_by_hand_is_verified(string target)
    {
        var draft = new PresignedDraft(target, Now);

        Assert.Equal(SignatureStatus.Verified, UrlJudge.Verify(draft.Signed, Now));
    }

    [Fact]
    public void A_URL_for_GET_answers_HEAD_and_no_other_method()
    {
        string signed = new PresignedDraft("/a?b", Now).Signed;

        Assert.Equal(SignatureStatus.Verified, UrlJudge.Verify(signed, Now, method: "HEAD"));
        foreach (string method in (string[])["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "connect", "get", "Head", "QUERY", ""])
        {
            Assert.Equal(SignatureStatus.MissingSignature, UrlJudge.Verify(signed, Now, method: method));
        }
    }

    [Fact]
    public void A_URL_for_GET_answers_the_CONNECT_that_opens_a_socket_and_no_other()
    {
        string signed = new PresignedDraft("/a?b", Now).Signed;

        Assert.Equal(SignatureStatus.Verified, UrlJudge.Verify(signed, Now, method: "CONNECT"));
        Assert.Equal(SignatureStatus.MissingSignature, UrlJudge.Verify("api.example.com:443", Now, method: "CONNECT"));
        Assert.Equal(SignatureStatus.MissingSignature, UrlJudge.Verify("https://api.example.com" + signed, Now, method: "CONNECT"));
        Assert.Equal(SignatureStatus.Verified, UrlJudge.Verify("https://api.example.com" + signed, Now));
    }

    [Fact]
    public void A_URL_that_was_signed_for_HEAD_is_none()
    {
        string signed = (new PresignedDraft("/a", Now) with { Method = "HEAD" }).Signed;

        Assert.Equal(SignatureStatus.InvalidCredential, UrlJudge.Verify(signed, Now, method: "HEAD"));
        Assert.Equal(SignatureStatus.InvalidCredential, UrlJudge.Verify(signed, Now));
    }

    [Theory]
    [InlineData("https", "API.EXAMPLE.com", true)]
    [InlineData("https", "api.example.com:443", true)]
    [InlineData("http", "api.example.com:80", true)]
    [InlineData("http", "api.example.com:443", false)]
    [InlineData("https", "api.example.com.", false)]
    [InlineData("https", "evil.example", false)]
    [InlineData("https", "api.example.com@evil.example", false)]
    public void The_authority_is_covered_without_its_case_and_its_default_port(string scheme, string authority, bool same)
    {
        string signed = new PresignedDraft("/a", Now).Signed;

        Assert.Equal(same, UrlJudge.Verify(signed, Now, scheme: scheme, authority: authority) == SignatureStatus.Verified);
    }

    [Theory]
    [InlineData("https://api.example.com/a?b", "evil.example", SignatureStatus.Verified)]
    [InlineData("https://evil.example/a?b", "api.example.com", SignatureStatus.InvalidCredential)]
    public void In_absolute_form_the_authority_of_the_target_counts(string target, string host, SignatureStatus expected)
    {
        string signed = (new PresignedDraft(target, Now) with { SignedTarget = "/a?b" }).Signed;

        Assert.Equal(expected, UrlJudge.Verify(signed, Now, authority: host));
    }

    [Fact]
    public void A_target_without_a_path_or_that_is_none_comes_by_no_URL()
    {
        string value = new PresignedDraft("/", Now).Signed[1..];

        foreach (string target in (string[])["", "*", "*" + value, "api.example.com:443" + value, "/a b" + value, "/\u00e4" + value, "/#" + value])
        {
            Assert.Equal(SignatureStatus.MissingSignature, UrlJudge.Verify(target, Now));
        }
    }

    [Theory]
    [InlineData("/a?b=1&signature={0}&c=2")]
    [InlineData("/a?signature={0}&b=1")]
    [InlineData("/a?b=1&signature={0}&")]
    [InlineData("/a?b=1&signature={0}&signature={0}")]
    [InlineData("/a?signature=&b=1&signature={0}")]
    [InlineData("/a?signature&b=1&signature={0}")]
    [InlineData("/a?sign%61ture=x&b=1&signature={0}")]
    [InlineData("/a?b=1&%73ignature={0}")]
    [InlineData("/a?b=1&signatur%65={0}")]
    [InlineData("/a?b=1&signature")]
    [InlineData("/a?b=1&signature=")]
    [InlineData("/a?&signature={0}")]
    [InlineData("/a?b=1&signature={0}=")]
    [InlineData("/a?b=1&signature={0}%20")]
    [InlineData("/a?b=1&signature=%31{0}")]
    [InlineData("/a?b=1&signature=+{0}")]
    public void A_parameter_that_is_there_twice_not_the_last_or_encoded_is_malformed(string format)
    {
        string target = string.Format(CultureInfo.InvariantCulture, format, new PresignedDraft("/a?b=1", Now).Value);

        Assert.Equal(SignatureStatus.MalformedSignature, UrlJudge.Verify(target, Now));
    }

    [Theory]
    [InlineData("{0}.{1}.{2}")]
    [InlineData("{0}.{1}..{3}")]
    [InlineData("{0}.{1}.{3}")]
    [InlineData("{0}..{2}.{3}")]
    [InlineData(".{1}.{2}.{3}")]
    [InlineData("0{0}.{1}.{2}.{3}")]
    [InlineData("+{0}.{1}.{2}.{3}")]
    [InlineData("-{0}.{1}.{2}.{3}")]
    [InlineData("{0}.0.{2}.{3}")]
    [InlineData("{0}.{1}0000000.{2}.{3}")]
    [InlineData("{0}.99999999999999999999999999.{2}.{3}")]
    [InlineData("{0}.{0}.{2}.{3}")]
    [InlineData("{1}.{0}.{2}.{3}")]
    [InlineData("{0}.{1}.{2}%.{3}")]
    [InlineData("{0}.{1}.{2}%4.{3}")]
    [InlineData("{0}.{1}.%6bey-one.{3}")]
    [InlineData("{0}.{1}.%6Bey-one.{3}")]
    [InlineData("{0}.{1}.{2}%2f.{3}")]
    [InlineData("{0}.{1}.{2}%00.{3}")]
    [InlineData("{0}.{1}.{2}%C3%A4.{3}")]
    [InlineData("{0}.{1}.{2}*.{3}")]
    [InlineData("{0}.{1}.{2}.{3}=")]
    [InlineData("{0}.{1}.{2}.{3}A")]
    [InlineData("{0}.{1}.{2}.A{3}")]
    [InlineData("...")]
    [InlineData("....")]
    [InlineData(".")]
    public void A_value_in_another_form_is_malformed(string format)
    {
        var draft = new PresignedDraft("/a?b=1", Now);

        string value = string.Format(CultureInfo.InvariantCulture, format, draft.Created, draft.Expires, draft.KeyId, draft.Mac);

        Assert.Equal(SignatureStatus.MalformedSignature, UrlJudge.Verify($"/a?b=1&signature={value}", Now));
    }

    [Fact]
    public void Times_of_any_size_are_refused_without_an_exception()
    {
        const long Most = 999_999_999_999_999;

        Assert.Equal(SignatureStatus.CreatedInFuture, UrlJudge.Verify((new PresignedDraft("/", Now) with { Created = Most - 1, Lifetime = 1 }).Signed, Now));
        Assert.Equal(SignatureStatus.LifetimeTooLong, UrlJudge.Verify((new PresignedDraft("/", Now) with { Lifetime = Most - Now.ToUnixTimeSeconds() }).Signed, Now));
        Assert.Equal(SignatureStatus.LifetimeTooLong, UrlJudge.Verify((new PresignedDraft("/", Now) with { Created = 1, Lifetime = Now.ToUnixTimeSeconds() }).Signed, Now));
    }

    [Theory]
    [InlineData(5, 3600, SignatureStatus.Verified)]
    [InlineData(6, 3600, SignatureStatus.CreatedInFuture)]
    [InlineData(-3600, 3600, SignatureStatus.Verified)]
    [InlineData(-3601, 3600, SignatureStatus.ExpiredSignature)]
    [InlineData(-604_800, 604_800, SignatureStatus.Verified)]
    [InlineData(0, 604_801, SignatureStatus.LifetimeTooLong)]
    [InlineData(-1, 1, SignatureStatus.Verified)]
    [InlineData(-2, 1, SignatureStatus.ExpiredSignature)]
    public void A_URL_works_from_its_creation_to_its_end_to_the_second(int createdAfterNow, int lifetime, SignatureStatus expected)
    {
        PresignedDraft draft = new PresignedDraft("/a", Now) with { Created = Now.ToUnixTimeSeconds() + createdAfterNow, Lifetime = lifetime };

        Assert.Equal(expected, UrlJudge.Verify(draft.Signed, Now));
    }

    [Theory]
    [InlineData("k", 256, SignatureStatus.Verified)]
    [InlineData("k", 257, SignatureStatus.MalformedSignature)]
    [InlineData("/", 256, SignatureStatus.Verified)]
    [InlineData("/", 257, SignatureStatus.MalformedSignature)]
    public void A_key_id_is_as_long_as_anywhere_else(string character, int length, SignatureStatus expected)
    {
        string keyId = string.Concat(Enumerable.Repeat(character, length));

        Assert.Equal(expected, UrlJudge.Verify((new PresignedDraft("/a", Now) with { KeyId = keyId }).Signed, Now, keyId: length > 256 ? ApiHost.Key : keyId));
    }

    [Fact]
    public void The_greatest_age_and_lifetime_of_the_policy_are_those_of_header_fields()
    {
        var policy = new VerificationPolicy { MaxAge = TimeSpan.FromSeconds(1), MaxLifetime = TimeSpan.FromSeconds(1), RequiredParameters = SignatureParameterNames.Nonce, Tag = "app" };

        Assert.Equal(SignatureStatus.Verified, UrlJudge.Verify(new PresignedDraft("/a", Now).Signed, Now + TimeSpan.FromMinutes(30), policy));
    }

    [Fact]
    public void A_policy_that_requires_more_than_a_URL_covers_refuses_it()
    {
        string signed = new PresignedDraft("/a?b=1", Now).Signed;

        foreach (string component in (string[])["x-tenant", "@scheme", "@target-uri", "\"@query-param\";name=\"b\""])
        {
            Assert.Equal(SignatureStatus.InsufficientCoverage, UrlJudge.Verify(signed, Now, new VerificationPolicy { RequiredComponents = ["@method", component] }));
        }
    }

    [Theory]
    [InlineData("authorization", SignatureStatus.InsufficientCoverage)]
    [InlineData("content-type", SignatureStatus.InsufficientCoverage)]
    [InlineData("content-digest", SignatureStatus.InsufficientCoverage)]
    [InlineData("range", SignatureStatus.Verified)]
    [InlineData("cookie", SignatureStatus.Verified)]
    public void A_field_that_has_to_be_covered_if_present_refuses_the_URL(string name, SignatureStatus expected)
    {
        var request = new ReferenceRequest("GET", "https", "api.example.com", new PresignedDraft("/a", Now).Signed, [], []);

        Assert.Equal(expected, UrlJudge.Verify(request.With(name, "x"), Now));
    }

    [Fact]
    public void No_change_of_a_single_character_leaves_a_URL_valid()
    {
        string signed = (new PresignedDraft("/reports/7.pdf?page=2&q=%2F", Now) with { KeyId = "key/one" }).Signed;
        Assert.Equal(SignatureStatus.Verified, UrlJudge.Verify(signed, Now, keyId: "key/one"));

        for (int i = 0; i < signed.Length; i++)
        {
            AssertRefused(signed.Remove(i, 1));
            foreach (char c in "aA09-_.~%&=?/+# \t\u00e9")
            {
                AssertRefused(signed.Insert(i, c.ToString()));
                if (signed[i] != c)
                {
                    AssertRefused(signed.Remove(i, 1).Insert(i, c.ToString()));
                }
            }
        }

        static void AssertRefused(string target) => Assert.NotEqual(SignatureStatus.Verified, UrlJudge.Verify(target, Now, keyId: "key/one"));
    }

    [Fact]
    public void A_MAC_is_written_in_one_way_though_its_last_digit_has_bits_that_mean_nothing()
    {
        string signed = new PresignedDraft("/a", Now).Signed;

        char last = Assert.Single("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", c => UrlJudge.Verify(signed[..^1] + c, Now) == SignatureStatus.Verified);

        Assert.Equal(signed[^1], last);
    }

    [Fact]
    public void A_URL_over_the_limit_is_refused_before_any_key_is_looked_up()
    {
        var verifier = new UrlVerifier(new VerificationPolicy(), new ManualTimeProvider(Now));
        var request = new ReferenceRequest("GET", "https", "api.example.com", new PresignedDraft("/?" + new string('a', SignatureLimits.MaxSignatureBaseBytes), Now).Signed, [], []);

        Assert.False(verifier.TryRead(new ReferenceMessage(request), out _, out SignatureStatus refusal));
        Assert.Equal(SignatureStatus.TooLarge, refusal);
    }

    [Fact]
    public void Another_message_than_the_one_that_was_read_is_refused_without_an_exception()
    {
        var verifier = new UrlVerifier(new VerificationPolicy(), new ManualTimeProvider(Now));
        var request = new ReferenceRequest("GET", "https", "api.example.com", (new PresignedDraft("/a?b=1", Now) with { KeyId = "key/one" }).Signed, [], []);
        Assert.True(verifier.TryRead(new ReferenceMessage(request), out UrlSignature signature, out _));
        using var key = new SigningKey("key/one", ApiHost.Secret);

        foreach (string other in (string[])["", "/", "/a?b=2", "*", new string('%', 400)])
        {
            var message = new ReferenceMessage(request with { Target = other });
            Assert.NotEqual(SignatureStatus.Verified, verifier.Verify(message, signature, [key], out _));
            Assert.True(signature.GetKeyId(message, new char[SignatureLimits.MaxKeyIdLength]).IsEmpty);
            Assert.True(signature.GetKeyId(message, default).IsEmpty);
        }
    }

    [Fact]
    public void The_second_of_two_keys_is_found()
    {
        var verifier = new UrlVerifier(new VerificationPolicy(), new ManualTimeProvider(Now));
        var message = new ReferenceMessage(new ReferenceRequest("GET", "https", "api.example.com", new PresignedDraft("/a", Now).Signed, [], []));
        Assert.True(verifier.TryRead(message, out UrlSignature signature, out SignatureStatus refusal));
        using var next = new SigningKey(ApiHost.Key, "the next secret, long enough");
        using var key = new SigningKey(ApiHost.Key, ApiHost.Secret);

        Assert.Equal(SignatureStatus.NotVerified, refusal);
        Assert.Equal(SignatureStatus.Verified, verifier.Verify(message, signature, [next, key], out int matched));
        Assert.Equal(1, matched);
        Assert.Equal(SignatureStatus.InvalidCredential, verifier.Verify(message, signature, [], out _));
        Assert.Equal((Now.ToUnixTimeSeconds(), Now.ToUnixTimeSeconds() + 3600), (signature.Created.ToUnixTimeSeconds(), signature.Expires.ToUnixTimeSeconds()));
    }

    [Fact]
    public void The_signature_base_that_is_seen_is_shown_without_the_MAC()
    {
        var verifier = new UrlVerifier(new VerificationPolicy(), new ManualTimeProvider(Now));
        PresignedDraft draft = new PresignedDraft("/a?b=1", Now) with { KeyId = "a \"key\"" };
        var message = new ReferenceMessage(new ReferenceRequest("HEAD", "https", "api.example.com", draft.Signed, [], []));
        Assert.True(verifier.TryRead(message, out UrlSignature signature, out _));

        Assert.Equal(draft.SignatureBase, verifier.GetSignatureBase(message, signature));
    }

    [Fact]
    public void The_answer_to_a_presigned_URL_comes_by_none_itself()
    {
        var verifier = new UrlVerifier(new VerificationPolicy(), new ManualTimeProvider(Now));
        var request = new ReferenceRequest("GET", "https", "api.example.com", new PresignedDraft("/a", Now).Signed, [], []);
        var answer = new ReferenceResponseMessage(new ReferenceResponse(200, [], [], request, RequestLabel: null));

        Assert.True(UrlVerifier.IsPresigned(new ReferenceMessage(request)));
        Assert.False(UrlVerifier.IsPresigned(answer));
        Assert.False(verifier.TryRead(answer, out _, out SignatureStatus refusal));
        Assert.Equal(SignatureStatus.MissingSignature, refusal);
    }

    [Fact]
    public void A_policy_for_responses_makes_no_verifier()
    {
        Assert.Throws<ArgumentException>("policy", () => new UrlVerifier(new VerificationPolicy(MessageKind.Response)));
        Assert.Throws<ArgumentException>(() => new UrlVerifier(new VerificationPolicy { RequiredComponents = [] }));
    }
}
