using System.IO.Compression;
using System.Text;
using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

[Trait("Mistake", "5")]
public sealed class UncheckedDigestTests(Apis apis) : MistakeTests(apis)
{
    [Theory]
    [InlineData("amount=9", null)]
    [InlineData("amount=9", 3)]
    [InlineData("amount=1&amount=1000", null)]
    [InlineData("amount=1&amount=1000", 5)]
    [InlineData("amount=", null)]
    [InlineData("", null)]
    [InlineData("", 3)]
    public Task A_body_swapped_under_its_covered_digest_is_refused(string evil, int? chunk) => ProveAsync(
        "digest_mismatch",
        draft =>
        {
            draft.With("Content-Digest", RequestDraft.DigestOf(draft.Body!));
            draft.Body = Encoding.ASCII.GetBytes(evil);
        },
        api =>
        {
            RequestDraft draft = api.Post();
            draft.ChunkBytes = chunk;
            return draft;
        });

    [Fact]
    [Trait("Protocol", "G5")]
    public Task A_body_added_under_the_digest_of_nothing_is_refused() => ProveAsync(
        "digest_mismatch",
        draft => draft.Body = "amount=1000"u8.ToArray(),
        api => api.Draft("POST", "/pay").With("Content-Digest", RequestDraft.DigestOf([])));

    [Fact]
    [Trait("Protocol", "G5")]
    public Task A_body_removed_from_over_its_digest_is_refused() => ProveAsync(
        "digest_mismatch",
        draft =>
        {
            draft.With("Content-Digest", RequestDraft.DigestOf(draft.Body!));
            draft.Body = null;
        },
        api => api.Post());

    [Fact]
    [Trait("Protocol", "G3")]
    public Task A_correct_digest_outside_the_covered_components_is_refused() =>
        ProveAsync("insufficient_coverage", draft => draft.Covered = "\"@method\" \"@authority\" \"@path\" \"@query\"", api => api.Post());

    [Fact]
    [Trait("Protocol", "G3")]
    public async Task A_policy_that_does_not_ask_for_the_digest_still_does_not_take_an_uncovered_one()
    {
        await using Apis own = await Apis.StartAsync(new VerificationPolicy { CoveredIfPresent = [] });
        foreach (Api api in own.Each)
        {
            RequestDraft draft = api.Post();
            draft.Covered = "\"@method\" \"@authority\" \"@path\" \"@query\"";
            await api.RefusesAsync(draft, "missing_digest");
            await api.AcceptsAsync(api.Post());
        }
    }

    [Fact]
    [Trait("Protocol", "G2")]
    [Trait("Protocol", "G4")]
    public async Task The_digest_is_that_of_the_coded_bytes_and_not_of_what_they_unpack_to()
    {
        byte[] plain = "amount=1"u8.ToArray();
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(plain);
        }

        foreach (Api api in Apis.Each)
        {
            RequestDraft Coded() => api.Draft("POST", "/pay", packed.ToArray()).With("Content-Encoding", "gzip");
            await api.RefusesAsync(Coded().With("Content-Digest", RequestDraft.DigestOf(plain)), "digest_mismatch");
            await api.AcceptsAsync(Coded());
        }
    }

    [Fact]
    [Trait("Protocol", "G2")]
    public Task Repr_Digest_is_no_digest_of_the_content() => ProveAsync(
        "missing_digest",
        draft =>
        {
            draft.WithDigest = false;
            draft.With("Repr-Digest", RequestDraft.DigestOf(draft.Body!));
            draft.Covered = "\"@method\" \"@authority\" \"@path\" \"@query\" \"repr-digest\"";
        },
        api => api.Post());
}
