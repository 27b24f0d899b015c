using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Signing.AspNetCore;

/// <summary>A signature of a request as far as it can be read, whatever a policy thinks of its coverage and age.</summary>
/// <param name="Covered">The identifiers of its components, as written.</param>
/// <param name="Created">When it was made by the signer's clock, in seconds since 1970.</param>
/// <param name="SignatureBase">What the server would compute the MAC of; <see langword="null"/> if a component has no value here.</param>
internal sealed record ReadableSignature(IReadOnlyList<string> Covered, long Created, string? SignatureBase)
{
    private static readonly SearchValues<char> FieldNameCharacters = SearchValues.Create("-0123456789abcdefghijklmnopqrstuvwxyz");

    /// <summary>Finds the first one; of several, the first that has the tag of the policy, if there is any.</summary>
    public static ReadableSignature? Find(HttpContext context, SignatureOptions options)
    {
        var message = new HttpRequestView(context, options.PublicOrigin is null ? null : new Origin(options.PublicOrigin));
        List<Member> members = MembersOf(context.Request.Headers["Signature-Input"]);
        return (options.Policy.Tag is { } tag ? First(message, members, options.Policy, tag) : null) ?? First(message, members, options.Policy, tag: null);
    }

    private static ReadableSignature? First(in HttpRequestView message, List<Member> members, VerificationPolicy policy, string? tag)
    {
        foreach (Member member in members)
        {
            // It is enough that what it covers itself is covered, and it is judged at the moment at which it was made.
            if (member.Covered.FirstOrDefault(IsPlain) is not { } covered)
            {
                continue;
            }

            var reader = new MessageVerifier(
                new VerificationPolicy { RequiredComponents = [covered.Trim('"')], CoveredIfPresent = [], MaxLifetime = TimeSpan.FromDays(7), Tag = tag, FieldTypes = policy.FieldTypes },
                new Moment(member.Created));
            if (reader.TryRead(message, out SignatureCandidates candidates, out _))
            {
                return new ReadableSignature(member.Covered, candidates[0].Created.ToUnixTimeSeconds(), reader.GetSignatureBase(message, candidates[0]));
            }
        }

        return null;
    }

    // What stands before a member that cannot be read may have been read.
    private static List<Member> MembersOf(StringValues lines)
    {
        List<Member> members = [];
        foreach (string? line in lines)
        {
            var reader = new StructuredFieldReader(line);
            while (members.Count < SignatureLimits.MaxLabels && reader.TryReadKey(out _) && reader.TryReadInnerListStart())
            {
                List<string> covered = ReadCovered(ref reader, line);
                long created = ReadCreated(ref reader);
                if (!reader.Failed && created >= 0)
                {
                    members.Add(new Member(covered, created));
                }
            }
        }

        return members;
    }

    private static List<string> ReadCovered(ref StructuredFieldReader reader, ReadOnlySpan<char> line)
    {
        List<string> covered = [];
        int start = reader.Position;
        while (reader.TryReadInnerItem(out _))
        {
            while (reader.TryReadParameter(out _, out _))
            {
                // Part of the identifier, which is taken as a whole.
            }

            covered.Add(line[start..reader.Position].Trim(' ').ToString());
            start = reader.Position;
        }

        return covered;
    }

    private static long ReadCreated(ref StructuredFieldReader reader)
    {
        long created = -1;
        while (reader.TryReadParameter(out ReadOnlySpan<char> key, out BareItem value))
        {
            created = key is "created" && value.Type == BareItemType.Integer && value.Number <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? value.Number : created;
        }

        return created;
    }

    // What a policy may ask for: a derived component of requests, or a field, without parameters.
    private static bool IsPlain(string identifier) =>
        identifier is "\"@method\"" or "\"@authority\"" or "\"@path\"" or "\"@query\"" or "\"@scheme\"" or "\"@target-uri\"" or "\"@request-target\""
        || (identifier is ['"', >= 'a' and <= 'z', .., '"'] && !identifier.AsSpan(1, identifier.Length - 2).ContainsAnyExcept(FieldNameCharacters));

    private readonly record struct Member(IReadOnlyList<string> Covered, long Created);

    private sealed class Moment(long seconds) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(seconds);
    }
}
