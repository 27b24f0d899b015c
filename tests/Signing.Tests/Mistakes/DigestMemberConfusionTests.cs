using System.Security.Cryptography;
using System.Text;
using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

[Trait("Mistake", "6")]
public sealed class DigestMemberConfusionTests(Apis apis) : MistakeTests(apis)
{
    private static readonly byte[] Good = "amount=1"u8.ToArray();
    private static readonly byte[] Evil = "amount=1000"u8.ToArray();

    [Theory]
    [InlineData("GOOD256, EVIL512")]
    [InlineData("EVIL512, GOOD256")]
    [InlineData("EVIL256, GOOD512")]
    [InlineData("GOOD512, EVIL256")]
    [Trait("Protocol", "G3")]
    public Task Every_supported_member_must_match(string field) => RefuseAsync("digest_mismatch", field);

    [Theory]
    [InlineData("EVIL256, GOOD256")]
    [InlineData("GOOD256, EVIL256")]
    [InlineData("GOOD256, GOOD256")]
    [InlineData("md5=:AAAA:, md5=:AAAB:, GOOD256")]
    [Trait("Protocol", "G3")]
    public async Task A_member_named_twice_is_refused_on_one_line_or_two(string field)
    {
        await RefuseAsync("unsupported_digest", field);
        await RefuseAsync("unsupported_digest", field.Split(", "));
    }

    [Theory]
    [InlineData("md5=:hc8AqdHGR+w1hKW7SEY6KA==:")]
    [InlineData("sha=:hc8AqdHGR+w1hKW7SEY6KBH8k1M=:")]
    [InlineData("unixsum=:AAA=:")]
    [InlineData("unixcksum=:AAAAAA==:")]
    [InlineData("adler=:AAAAAA==:")]
    [InlineData("crc32c=:AAAAAA==:")]
    [InlineData("sha-384=:AAAA:, blake3=:AAAA:")]
    [Trait("Protocol", "G1")]
    [Trait("Protocol", "G3")]
    public Task A_digest_that_anybody_can_forge_or_nobody_knows_is_no_digest(string field) => RefuseAsync("unsupported_digest", field);

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    [Trait("Protocol", "G3")]
    public Task A_digest_of_another_length_matches_nothing(int bytes)
    {
        byte[] digest = new byte[bytes];
        SHA256.HashData(Good).AsSpan(0, Math.Min(bytes, 32)).CopyTo(digest);
        return RefuseAsync("digest_mismatch", $"sha-256=:{Convert.ToBase64String(digest)}:");
    }

    [Theory]
    [InlineData("sha-256=RAW256")]
    [InlineData("sha-256=\"RAW256\"")]
    [InlineData("SHA-256=:RAW256:")]
    [InlineData("sha-256=(:RAW256:)")]
    [InlineData("sha-256")]
    [InlineData("sha-256=:RAW256")]
    [InlineData("sha-256=:RAW256:,")]
    [InlineData("")]
    [InlineData(":RAW256:")]
    [Trait("Protocol", "G8")]
    [Trait("Protocol", "G1")]
    public Task What_is_not_a_dictionary_of_byte_sequences_is_refused(string field) => RefuseAsync("unsupported_digest", field);

    [Fact]
    [Trait("Protocol", "G3")]
    public async Task One_covered_member_is_not_the_covered_field()
    {
        foreach (Api api in Apis.Each)
        {
            const string Member = "\"content-digest\";key=\"sha-256\"";
            RequestDraft draft = api.Draft("POST", "/pay", Evil).With("Content-Digest", Fill("GOOD256, EVIL512"));
            draft.Covered = $"\"@method\" \"@authority\" \"@path\" \"@query\" {Member}";
            draft.Values[Member] = Fill("GOOD256")["sha-256=".Length..];
            await api.RefusesAsync(draft, "insufficient_coverage");

            // Whole and by member is more, not less.
            RequestDraft both = api.Draft("POST", "/pay", Good).With("Content-Digest", Fill("GOOD256, GOOD512"));
            both.Covered = $"{draft.Covered} \"content-digest\"";
            both.Values[Member] = draft.Values[Member];
            await api.AcceptsAsync(both);
        }
    }

    [Theory]
    [InlineData("GOOD512")]
    [InlineData("GOOD256, GOOD512")]
    [InlineData("GOOD512,GOOD256")]
    [InlineData("md5=:AAAA:, GOOD256")]
    [InlineData("GOOD256, blake3=:AAAA:")]
    [InlineData("GOOD256;a=1")]
    [Trait("Protocol", "G1")]
    [Trait("Protocol", "G3")]
    public async Task What_leaves_no_doubt_is_accepted(string field)
    {
        foreach (Api api in Apis.Each)
        {
            await api.AcceptsAsync(api.Draft("POST", "/pay", Good).With("Content-Digest", Fill(field)));
        }
    }

    [Theory]
    [InlineData(9, 1)]
    [InlineData(1, 9)]
    [Trait("Protocol", "G7")]
    public Task More_members_than_anybody_needs_are_too_many(int members, int lines) => RefuseAsync(
        "too_large",
        [.. Enumerable.Range(0, lines).Select(line => string.Join(", ", Enumerable.Range(0, members).Select(i => $"x{line}-{i}=:AAAA:")))]);

    [Fact]
    [Trait("Protocol", "G6")]
    public async Task A_wish_for_a_digest_is_a_hint_and_changes_nothing()
    {
        foreach (Api api in Apis.Each)
        {
            RequestDraft Wishing(string digest) =>
                api.Draft("POST", "/pay", Good).With("Want-Content-Digest", "sha-256=0, md5=10").With("Want-Repr-Digest", "nonsense;;").With("Content-Digest", digest);
            await api.AcceptsAsync(Wishing(Fill("GOOD256")));
            await api.RefusesAsync(Wishing("md5=:hc8AqdHGR+w1hKW7SEY6KA==:"), "unsupported_digest");
        }
    }

    // The holder signs what is sent, so that only the digest's own check can refuse it.
    private Task RefuseAsync(string code, params string[] lines) => ProveAsync(
        code,
        draft =>
        {
            draft.Fields.RemoveAll(field => field.Name == "Content-Digest");
            Array.ForEach(lines, line => draft.With("Content-Digest", Fill(line)));
        },
        api => api.Draft("POST", "/pay", Good).With("Content-Digest", Fill("GOOD256")));

    private static string Fill(string field) => new StringBuilder(field)
        .Replace("GOOD256", $"sha-256=:{Convert.ToBase64String(SHA256.HashData(Good))}:")
        .Replace("EVIL256", $"sha-256=:{Convert.ToBase64String(SHA256.HashData(Evil))}:")
        .Replace("GOOD512", $"sha-512=:{Convert.ToBase64String(SHA512.HashData(Good))}:")
        .Replace("EVIL512", $"sha-512=:{Convert.ToBase64String(SHA512.HashData(Evil))}:")
        .Replace("RAW256", Convert.ToBase64String(SHA256.HashData(Good)))
        .ToString();
}
