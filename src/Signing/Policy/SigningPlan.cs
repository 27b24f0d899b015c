using System.Globalization;

namespace Signing;

/// <summary>RFC 9421 §3.1. Holds a signing policy as text that only has to be copied.</summary>
internal sealed class SigningPlan
{
    private const string Status = "@status";
    private const int MaxLabelLength = 32;
    private const string Created = ";created=";
    private const string Expires = ";expires=";
    private const string Nonce = ";nonce=\"";
    private const int MaxSecondsLength = 20;
    private const int MaxTableBits = 6;

    private readonly string _components;
    private readonly (string Name, string Text)[] _ifPresent;

    // By which fields are present, one bit each, made when first needed; empty if that is too many, or a component has parameters.
    private readonly ComponentList?[] _lists;
    private readonly bool _coverRequestSignature;
    private readonly bool _coverSignatures;
    private readonly int _room;
    private readonly string _suffix;
    private readonly long _lifetime;
    private readonly bool _nonce;

    public SigningPlan(SigningPolicy policy)
    {
        var reader = new StructuredFieldReader(policy.Label);
        Require(policy.Label.Length <= MaxLabelLength && reader.TryReadKey(out var label) && label.Length == policy.Label.Length, nameof(policy.Label), "a key of RFC 9651 §3.1.2 of at most 32 characters");
        Require(policy.Tag is null || (policy.Tag.Length <= SignatureLimits.MaxTagLength && !policy.Tag.AsSpan().ContainsAnyExceptInRange(' ', '~')), nameof(policy.Tag), "printable ASCII of at most 256 characters");
        Require(policy.Tag != UrlSignatureBase.Tag, nameof(policy.Tag), $"another than {UrlSignatureBase.Tag}, which is that of URLs");
        Require(policy.Lifetime is not { } time || (time >= TimeSpan.FromSeconds(1) && time <= TimeSpan.FromDays(7)), nameof(policy.Lifetime), "from 1 second to 7 days");
        Require(policy.Components.Count > 0, nameof(policy.Components), "at least one component");
        Require(policy.Components.Count + policy.CoverIfPresent.Count <= SignatureLimits.MaxComponents, nameof(policy.Components), $"with {nameof(policy.CoverIfPresent)} at most {SignatureLimits.MaxComponents}");

        // RFC 9421 §7.3.3: with one key both sides can sign. What tells the two directions apart is what no request can cover.
        var isResponse = policy.Target == MessageKind.Response;
        Require(!isResponse || policy.Components.Contains(Status, StringComparer.Ordinal), nameof(policy.Components), $"with {Status} for responses");

        _components = string.Join(' ', policy.Components.Select(component => Canonical(component, isResponse)));
        _ifPresent = [.. policy.CoverIfPresent.Except(policy.Components, StringComparer.Ordinal).Select(name => (name, " " + Canonical(name, isResponse)))];
        _lists = new ComponentList?[isResponse || policy.CoverSignatures || _ifPresent.Length > MaxTableBits || _components.Contains(';', StringComparison.Ordinal) ? 0 : 1 << _ifPresent.Length];
        _coverRequestSignature = policy.CoverRequestSignature;
        _coverSignatures = policy.CoverSignatures;
        _room = Math.Clamp(SignatureLimits.MaxComponents - policy.Components.Count - _ifPresent.Length - (isResponse && _coverRequestSignature ? 1 : 0), 0, SignatureLimits.MaxLabels);
        _nonce = policy.IncludeNonce;
        _suffix = (_nonce ? "\"" : "") + (policy.IncludeAlgorithm ? ";alg=\"hmac-sha256\"" : "") + (policy.Tag is null ? "" : ";tag=" + QuotedString.Quote(policy.Tag));
        _lifetime = (long)(policy.Lifetime ?? TimeSpan.Zero).TotalSeconds;
        MaxLength = 2 + _components.Length + _ifPresent.Sum(pair => pair.Text.Length) + _suffix.Length + Created.Length + Expires.Length
            + (2 * MaxSecondsLength) + Nonce.Length + NonceSource.NonceLength + RequestSignature.Start.Length + RequestSignature.End.Length;

        // RFC 9421 §2: each identifier occurs once, in whatever order its parameters stand.
        var list = $"({_components}{string.Concat(_ifPresent.Select(pair => pair.Text))})";
        var components = new StructuredFieldReader(list);
        Require(
            components.TryReadInnerListStart()
                && CoveredComponents.Read(ref components, list, new CoverageRules([], []), isResponse, out _, out _) == SignatureStatus.Verified,
            nameof(policy.Components), "a list that names each component once");

        foreach (var name in policy.CoverIfPresent)
        {
            Require(ComponentText.IsFieldName(name, isResponse), nameof(policy.CoverIfPresent), "field names in lower case");
        }
    }

    /// <summary>Gets how many characters are enough for any message, the key id and the labels of other signatures aside.</summary>
    public int MaxLength { get; }

    /// <summary>Counts the characters that the names of other signatures take.</summary>
    /// <returns><see cref="SignatureStatus.Verified"/>; else why they cannot be covered.</returns>
    public SignatureStatus Measure<T>(in T message, out int length)
        where T : ISignableMessage
    {
        length = T.IsResponse ? message.RequestLabel.Length : 0;
        if (!_coverSignatures)
        {
            return SignatureStatus.Verified;
        }

        var status = EarlierSignatures.Measure(message, _room, out var earlier);
        length += earlier;
        return status;
    }

    /// <summary>Writes the covered components and the parameters.</summary>
    /// <param name="message">The message.</param>
    /// <param name="keyIdParameter">The key id as a parameter.</param>
    /// <param name="created">When the signature is made, in seconds since 1970.</param>
    /// <param name="destination">Takes the text.</param>
    /// <param name="known">The list that was written, if it can be written into a base without parsing.</param>
    public int Write<T>(in T message, ReadOnlySpan<char> keyIdParameter, long created, Span<char> destination, out ComponentList? known)
        where T : ISignableMessage
    {
        var length = WriteList(message, destination, out known);
        length = Copy(created, Created, destination, length);
        if (_lifetime != 0)
        {
            length = Copy(created + _lifetime, Expires, destination, length);
        }

        length = Copy(keyIdParameter, destination, length);
        if (_nonce)
        {
            length = Copy(Nonce, destination, length);
            NonceSource.OfThread.Write(destination.Slice(length, NonceSource.NonceLength));
            length += NonceSource.NonceLength;
        }

        return Copy(_suffix, destination, length);
    }

    private int WriteList<T>(in T message, Span<char> destination, out ComponentList? known)
        where T : ISignableMessage
    {
        var present = 0;
        for (var i = 0; i < _ifPresent.Length; i++)
        {
            present |= FieldLines.Count(message, _ifPresent[i].Name) > 0 ? 1 << i : 0;
        }

        known = _lists.Length > 0 ? _lists[present] : null;
        if (known is not null)
        {
            return Copy(known.Text, destination, 0);
        }

        var length = Copy("(", destination, 0);
        length = Copy(_components, destination, length);
        for (var i = 0; i < _ifPresent.Length; i++)
        {
            length = (present & (1 << i)) != 0 ? Copy(_ifPresent[i].Text, destination, length) : length;
        }

        if (T.IsResponse && _coverRequestSignature && !message.RequestLabel.IsEmpty)
        {
            length = Copy(RequestSignature.Start, destination, length);
            length = Copy(message.RequestLabel, destination, length);
            length = Copy(RequestSignature.End, destination, length);
        }

        length += _coverSignatures ? EarlierSignatures.Write(message, destination[length..]) : 0;
        length = Copy(")", destination, length);
        if (_lists.Length > 0)
        {
            known = _lists[present] = ComponentList.TryCreate(destination[..length], rules: null);
        }

        return length;
    }

    private static int Copy(ReadOnlySpan<char> text, Span<char> destination, int at)
    {
        text.CopyTo(destination[at..]);
        return at + text.Length;
    }

    private static int Copy(long seconds, string name, Span<char> destination, int at)
    {
        at = Copy(name, destination, at);
        seconds.TryFormat(destination[at..], out var written, default, CultureInfo.InvariantCulture);
        return at + written;
    }

    // In the one form a verifier re-serialises to, or what is signed would not be what is sent.
    private static string Canonical(string component, bool isResponse)
    {
        var text = ComponentText.Serialize(component);
        ComponentText.Parse(text, isResponse);
        var reader = new StructuredFieldReader(text);
        return reader.TryReadBareItem(out _) && IsCanonical(ref reader) ? text : throw new ArgumentException($"{text} is not written as RFC 9651 §4.1 writes it: no spaces, true as the key alone.", nameof(component));
    }

    private static bool IsCanonical(ref StructuredFieldReader reader)
    {
        StructuredFieldSkipper.SkipParameters(ref reader);
        return reader.IsCanonical;
    }

    private static void Require(bool condition, string name, string range)
    {
        if (!condition)
        {
            throw new ArgumentException($"{nameof(SigningPolicy)}.{name} must be {range}.", name);
        }
    }
}
