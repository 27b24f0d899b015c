using System.Text.RegularExpressions;
using Signing.Client;
using Signing.Tests.Client.Model;
using Signing.Tests.Reference;
using Signing.Tests.Support;

namespace Signing.Tests.Client.Around;

/// <summary>Says of each sending which tokens and which signature it must have, by the documents: tokens for their origins alone, and one signature of ours over the bytes that leave.</summary>
internal sealed partial class AroundModel(bool access, bool api, bool signs, SigningKey other)
{
    public static readonly string[] Foreigners = ["sig", "theirs"];

    private static readonly Dictionary<string, SigningKey> Keys = Enumerable.Range(1, 3).Select(number => $"around_key_{number}")
        .ToDictionary(key => key, key => new SigningKey(key, AroundSettings.SecretOf(key)), StringComparer.Ordinal);

    private readonly HashSet<string> _signatures = new(StringComparer.Ordinal);
    private Dictionary<string, string> _given = [];
    private readonly List<AroundSettings> _sinceAttempt = [];
    private AroundSettings? _ofPass;
    private string? _foreign;

    public int Tokens { get; private set; }

    public int Signatures { get; private set; }

    public int Foreign { get; private set; }

    /// <summary>Takes note of what a request is where it reaches our handlers.</summary>
    public void BeginAttempt(HttpRequestMessage request, AroundSettings now)
    {
        _sinceAttempt.Clear();
        _sinceAttempt.Add(now);
        _ofPass = null;
        _given = request.Headers.NonValidated.ToDictionary(static field => field.Key, static field => field.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        _foreign = Foreigners.FirstOrDefault(label => _given.GetValueOrDefault("Signature-Input", "").Contains($"{label}=(\"@method\");created=1;keyid=\"theirs\"", StringComparison.Ordinal));
    }

    public void Reload(AroundSettings now) => _sinceAttempt.Add(now);

    /// <summary>Takes note of an answer: one that teaches the signer something leaves the tokens on, any other takes them off.</summary>
    public void Told(Told told) => _ofPass = told.Code is null ? null : _ofPass;

    public static void CheckTokenCall(HttpRequestMessage request)
    {
        Assert.Equal(AroundSettings.Base, request.RequestUri!.GetLeftPart(UriPartial.Authority));
        Assert.DoesNotContain(request.Headers.NonValidated, static field => field.Key is "Authorization" or "auth" or "X-Token" or "X-Api-Key" or "X-Api-Token" or "x-added");
    }

    public static void CheckException(Exception? thrown, bool signs)
    {
        Assert.True(thrown is null or TimeoutException or HttpRequestException or MessageSigningException, $"{thrown}");
        Assert.False(thrown is AccessTokenException, $"{thrown}");
        Assert.True(thrown is not MessageSigningException refused || (signs && refused.Message.Contains("go over https", StringComparison.Ordinal)), $"{thrown}");
    }

    public void Check(HttpRequestMessage request, Sent sent, AroundSettings now)
    {
        string origin = request.RequestUri!.GetLeftPart(UriPartial.Authority);
        AroundSettings pass = _ofPass ??= now;
        request.Options.TryGetValue(TokenOverrides.Skip, out bool withoutToken);
        string? accessKey = CheckAccessToken(sent.Request, origin, pass, withoutToken);
        CheckApiToken(sent.Request, origin, pass, withoutToken);
        request.Options.TryGetValue(SigningOverrides.Skip, out bool unsigned);
        if (signs && !unsigned)
        {
            Assert.True(pass.AllowPlainHttp || origin != "http://api.example", "A signature left over plain http.");
            CheckSignature(request, sent, pass, accessKey);
        }
        else
        {
            Assert.Equal(_given.GetValueOrDefault("Signature-Input"), sent.Request.Lines("Signature-Input").SingleOrDefault());
        }
    }

    private string? CheckAccessToken(ReferenceRequest sent, string origin, AroundSettings pass, bool isSkipped)
    {
        KeyValuePair<string, string>[] found = [.. sent.Fields.Where(static field => field.Value.Contains("access.", StringComparison.Ordinal))];
        bool IsFor(AroundSettings settings) => !_given.ContainsKey(settings.AccessHeader) && settings.AccessOrigins.DefaultIfEmpty(AroundSettings.Base).Contains(origin);
        bool isDue = access && !isSkipped && IsFor(pass);
        if (!isDue && found.Length > 0)
        {
            // The options have changed while it waited, and by those it would get none.
            AroundSettings? before = _sinceAttempt.FindLast(settings => settings.AccessHeader.Equals(found[0].Key, StringComparison.OrdinalIgnoreCase) && found[0].Value.Contains(settings.Key, StringComparison.Ordinal) && IsFor(settings));
            Assert.True(access && !isSkipped && before is not null, "A token left that should not have.");
            pass = before;
        }

        Assert.Equal(isDue ? 1 : Math.Min(found.Length, 1), found.Length);
        CheckGiven(sent, pass.AccessHeader, found.Length > 0);
        if (found.Length == 0)
        {
            return null;
        }

        Tokens++;
        Assert.Equal(pass.AccessHeader, found[0].Key, ignoreCase: true);
        string token = found[0].Value[(pass.AccessHeader == "Authorization" ? "Bearer ".Length : 0)..];
        Assert.StartsWith("access.", token, StringComparison.Ordinal);
        Assert.Equal(pass.Key, TokenEndpoints.KeyOf(token));
        return isDue ? pass.Key : null;
    }

    private void CheckApiToken(ReferenceRequest sent, string origin, AroundSettings pass, bool isSkipped)
    {
        KeyValuePair<string, string>[] found = [.. sent.Fields.Where(static field => field.Value.Contains("static-token", StringComparison.Ordinal))];
        bool isDue = api && !isSkipped && !_given.ContainsKey(pass.ApiHeader) && (pass.ApiOrigins.Length == 0 ? origin == AroundSettings.Base : pass.ApiOrigins.Contains(origin));
        isDue &= !sent.Lines(pass.ApiHeader).Any(static line => line.Contains("access.", StringComparison.Ordinal));
        Assert.Equal(isDue ? [(pass.ApiHeader, (pass.ApiHeader == "Authorization" ? "Bearer " : "") + pass.ApiToken)] : [], found.Select(static field => (field.Key, field.Value)));
        Tokens += found.Length;
    }

    private void CheckGiven(ReferenceRequest sent, string header, bool isOurs)
    {
        if (_given.TryGetValue(header, out string? given))
        {
            Assert.Equal(given, Assert.Single(sent.Lines(header)));
        }

        Assert.InRange(sent.Lines(header).Count, isOurs ? 1 : 0, 1);
    }

    private void CheckSignature(HttpRequestMessage request, Sent sent, AroundSettings pass, string? accessKey)
    {
        _foreign = _foreign == pass.Label && !pass.CoverSignatures ? null : _foreign;
        string input = Assert.Single(sent.Request.Lines("Signature-Input"));
        string[] members = [.. Members().Split(input)];
        Assert.Equal(_foreign is null ? 0 : 1, members.Count(member => member == $"{_foreign}=(\"@method\");created=1;keyid=\"theirs\""));
        Assert.Equal(_foreign is null ? 1 : 2, members.Length);
        Foreign += _foreign is null ? 0 : 1;
        string own = Assert.Single(members, static member => !member.Contains("keyid=\"theirs\"", StringComparison.Ordinal));
        bool isTaken = _foreign == pass.Label;
        Assert.StartsWith($"{pass.Label}{(isTaken ? "2" : "")}=(", own, StringComparison.Ordinal);
        Assert.Equal(_foreign is not null && pass.CoverSignatures, own.Contains($"\"signature\";key=\"{_foreign}\"", StringComparison.Ordinal));
        Assert.Equal(pass.Tag is not null, own.EndsWith($";tag=\"{pass.Tag}\"", StringComparison.Ordinal));
        Assert.True(_signatures.Add(Assert.Single(sent.Request.Lines("Signature"))), "A signature was sent twice.");
        Assert.Equal(members.Select(LabelOf), Members().Split(sent.Request.Lines("Signature")[0]).Select(LabelOf));

        string keyId = own.Split("keyid=\"")[1].Split('"')[0];
        bool isOther = request.Options.TryGetValue(SigningOverrides.Key, out SigningKey? mine) && mine is not null;
        Assert.Equal(isOther ? other.KeyId : pass.Key, keyId);
        if (accessKey is not null && !isOther)
        {
            Assert.Equal(accessKey, keyId);
        }

        var policy = new VerificationPolicy { Tag = pass.Tag, CoveredIfPresent = ["content-digest", "content-type", "authorization", .. access ? [pass.AccessHeader.ToLowerInvariant()] : (string[])[], .. api ? [pass.ApiHeader.ToLowerInvariant()] : (string[])[]] };
        Assert.Equal(SignatureStatus.Verified, Verify(sent.Request, isOther ? other : Keys[keyId], policy, long.Parse(own.Split(";created=")[1].Split(';')[0], System.Globalization.CultureInfo.InvariantCulture)));
        if (request.Content is not null)
        {
            Assert.Equal(RequestDraft.DigestOf(sent.Request.Body), Assert.Single(sent.Request.Lines("Content-Digest")));
        }

        Signatures++;
    }

    private static SignatureStatus Verify(ReferenceRequest request, SigningKey key, VerificationPolicy policy, long created)
    {
        var message = new ReferenceMessage(request);
        var verifier = new MessageVerifier(policy, new ManualTimeProvider(DateTimeOffset.FromUnixTimeSeconds(created)));
        if (!verifier.TryRead(in message, out SignatureCandidates candidates, out SignatureStatus status))
        {
            return status;
        }

        for (int i = 0; i < candidates.Count && status != SignatureStatus.Verified; i++)
        {
            status = verifier.Verify(in message, candidates[i], key, out _);
        }

        return status;
    }

    private static string LabelOf(string member) => member[..member.IndexOf('=', StringComparison.Ordinal)];

    [GeneratedRegex(", ?(?=[a-z0-9]+=)")]
    private static partial Regex Members();
}
