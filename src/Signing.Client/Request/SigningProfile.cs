namespace Signing.Client;

/// <summary>Holds what follows from one version of the options and is the same for many requests.</summary>
internal sealed class SigningProfile
{
    /// <summary>How many names at the start of <see cref="Fields"/> are those of signatures.</summary>
    public const int SignatureFields = 2;

    private readonly TimeProvider _time;

    public SigningProfile(MessageSigningOptions options, string[] tokenHeaders, HttpRequestOptionsKey<string> lastLabel, TimeProvider time)
        : this(options, tokenHeaders, new SigningKey(options.Key, options.Secret), Covering(options.Policy, tokenHeaders), lastLabel, time, responses: null, unadjusted: null)
    {
        Responses = options.Responses.Required ? new ResponseVerifier(options.Responses, options.Policy.Label) : null;
    }

    private SigningProfile(MessageSigningOptions options, string[] tokenHeaders, SigningKey key, SigningPolicy policy, HttpRequestOptionsKey<string> lastLabel, TimeProvider time, ResponseVerifier? responses, SigningProfile? unadjusted)
    {
        _time = time;
        LastLabel = lastLabel;
        Options = options;
        TokenHeaders = tokenHeaders;
        Key = key;
        Unadjusted = unadjusted ?? this;
        Signer = new MessageSigner(policy, time);
        AlwaysCoversDigest = Names(policy.Components, "content-digest");
        CoversDigest = AlwaysCoversDigest || Names(policy.CoverIfPresent, "content-digest");
        Fields = FieldsOf(policy);
        Responses = responses;
    }

    public MessageSigningOptions Options { get; }

    /// <summary>The headers that tokens travel in, covered whatever the options said of them when they were made.</summary>
    public string[] TokenHeaders { get; }

    public SigningKey Key { get; }

    /// <summary>Where a request keeps the label under which this client signed it last.</summary>
    public HttpRequestOptionsKey<string> LastLabel { get; }

    public MessageSigner Signer { get; }

    /// <summary>What verifies the answers; <see langword="null"/> if no signature is required of them.</summary>
    public ResponseVerifier? Responses { get; }

    /// <summary>Whether the digest is covered even without a body; it is then that of no bytes.</summary>
    public bool AlwaysCoversDigest { get; }

    public bool CoversDigest { get; }

    /// <summary>The lower-case names of all fields the core may ask for.</summary>
    public string[] Fields { get; }

    /// <summary>Gets the profile without what a server has asked for.</summary>
    public SigningProfile Unadjusted { get; }

    /// <summary>Gets the profile for one request: this one, unless the request says otherwise.</summary>
    /// <exception cref="MessageSigningException">What the request adds is no list of components, or no tag.</exception>
    public SigningProfile For(HttpRequestMessage request)
    {
        bool retagged = request.Options.TryGetValue(SigningOverrides.Tag, out string? tag);
        bool extended = request.Options.TryGetValue(SigningOverrides.Components, out IReadOnlyList<string>? components);
        if (!retagged && !extended)
        {
            return this;
        }

        try
        {
            return new SigningProfile(Options, TokenHeaders, Key, Extend(Signer.Policy, components ?? [], [], tag), LastLabel, _time, Responses, unadjusted: null);
        }
        catch (ArgumentException invalid)
        {
            throw new MessageSigningException($"The request was not signed: what {nameof(SigningOverrides)} adds is invalid. {invalid.Message}", invalid);
        }
    }

    /// <summary>Makes a profile that covers more, as far as this one does not yet.</summary>
    /// <returns>The profile; this one if together that is more than a signature may cover.</returns>
    public SigningProfile Adjusted(IReadOnlyList<string> components, IReadOnlyList<string> componentsIfPresent)
    {
        SigningPolicy policy = Signer.Policy;
        string[] always = [.. components.Where(name => !Covers(policy.Components, name))];
        string[] ifPresent = [.. componentsIfPresent.Where(name => !Covers(policy.Components, name) && !Covers(policy.CoverIfPresent, name))];
        int more = always.Length + ifPresent.Length;

        // Many requests may have learnt at once, each within the limit; the options may have changed since, and a request adds its own.
        return more == 0 || more + policy.Components.Count + policy.CoverIfPresent.Count > SignatureLimits.MaxComponents
            ? this
            : new SigningProfile(Options, TokenHeaders, Key, Extend(policy, always, ifPresent, tag: null), LastLabel, _time, Responses, unadjusted: this);
    }

    /// <summary>Says whether a component without parameters is one of these, quoted or not.</summary>
    public static bool Covers(IReadOnlyList<string> components, string name) =>
        components.Any(component => component.AsSpan().Trim(' ').Trim('"').SequenceEqual(name));

    /// <summary>Takes the field name out of a component identifier such as <c>content-type</c> or <c>"x-list";sf</c>.</summary>
    public static ReadOnlySpan<char> FieldNameOf(string component)
    {
        ReadOnlySpan<char> name = component.AsSpan().Trim(' ');
        int parameters = name.IndexOf(';');
        return (parameters < 0 ? name : name[..parameters]).Trim('"');
    }

    /// <summary>Says whether one of the components is of this name, with or without parameters.</summary>
    public static bool Names(IReadOnlyList<string> components, string name)
    {
        for (int i = 0; i < components.Count; i++)
        {
            if (FieldNameOf(components[i]).SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    private static SigningPolicy Covering(SigningPolicy policy, string[] headers)
    {
        string[] missing = [.. headers.Where(header => !Names(policy.Components, header) && !Names(policy.CoverIfPresent, header))];
        return missing.Length == 0 ? policy : Extend(policy, [], missing, tag: null);
    }

    private static SigningPolicy Extend(SigningPolicy policy, IReadOnlyList<string> components, IReadOnlyList<string> componentsIfPresent, string? tag) => new()
    {
        Components = Join(policy.Components, components),
        CoverIfPresent = Join(policy.CoverIfPresent, componentsIfPresent),
        CoverSignatures = policy.CoverSignatures,
        Label = policy.Label,
        Tag = tag ?? policy.Tag,
        Lifetime = policy.Lifetime,
        IncludeNonce = policy.IncludeNonce,
        IncludeAlgorithm = policy.IncludeAlgorithm,
        FieldTypes = policy.FieldTypes,
    };

    private static string[] FieldsOf(SigningPolicy policy)
    {
        // The core looks at the signatures that are there already, to choose its label.
        var fields = new List<string> { "signature", "signature-input" };
        foreach (string component in Join(policy.Components, policy.CoverIfPresent))
        {
            ReadOnlySpan<char> name = FieldNameOf(component);
            if (!name.StartsWith("@") && !Names(fields, name.ToString()))
            {
                fields.Add(name.ToString());
            }
        }

        return [.. fields];
    }

    private static List<string> Join(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        var joined = new List<string>(first);
        foreach (string component in second)
        {
            if (!joined.Contains(component, StringComparer.Ordinal))
            {
                joined.Add(component);
            }
        }

        return joined;
    }
}
