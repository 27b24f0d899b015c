using System.Buffers;

namespace Signing;

/// <summary>RFC 9421 §2. Holds one component identifier: a name and its parameters, as a window on the text they were read from.</summary>
internal readonly ref struct ComponentIdentifier
{
    /// <summary>How many bits above a derived component itself that of the request stands in a mask.</summary>
    public const int RequestShift = 16;

    // RFC 9421 §2.1: a component name is the field name in lower case; a field name is made of tchar (RFC 9110 §5.1).
    private static readonly SearchValues<char> LowerCaseFieldName = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~");

    private ComponentIdentifier(ReadOnlySpan<char> name, DerivedComponents derived, ComponentFlags flags, ReadOnlySpan<char> argument)
    {
        Name = name;
        Derived = derived;
        Flags = flags;
        Argument = argument;
    }

    public ReadOnlySpan<char> Name { get; }

    /// <summary>Gets which derived component is named; none for a field.</summary>
    public DerivedComponents Derived { get; }

    public ComponentFlags Flags { get; }

    /// <summary>Gets the value of <c>key</c> or <c>name</c>, escapes still in place.</summary>
    public ReadOnlySpan<char> Argument { get; }

    /// <summary>Gets the bit by which a derived component is covered; none if it is a field, or has an argument.</summary>
    public DerivedComponents Coverage => Flags switch
    {
        ComponentFlags.None => Derived,
        ComponentFlags.Request => (DerivedComponents)((int)Derived << RequestShift),
        _ => DerivedComponents.None,
    };

    public bool IsPlainField => Derived == DerivedComponents.None && Flags == ComponentFlags.None;

    /// <summary>Reads the identifier whose String is <paramref name="name"/> and whose parameters follow in the reader.</summary>
    public static SignatureStatus Read(scoped ref StructuredFieldReader reader, scoped in BareItem name, bool isResponse, out ComponentIdentifier identifier)
    {
        identifier = default;
        var isMalformed = name.Type != BareItemType.String; // RFC 9421 §2: a component identifier is a String Item.
        var flags = ComponentFlags.None;
        ReadOnlySpan<char> argument = default;
        var status = SignatureStatus.Verified;
        while (reader.TryReadParameter(out var key, out var value))
        {
            var flag = FlagOf(key);
            isMalformed |= (flags & flag) != 0; // Twice the same: two parsers could take different ones.
            flags |= flag;
            argument = IsArgument(flag) ? value.Content : argument;
            if (flag == ComponentFlags.None || value.Type != (IsArgument(flag) ? BareItemType.String : BareItemType.Boolean)
                || (value.Type == BareItemType.Boolean && value.Number == 0))
            {
                status = SignatureStatus.UnsupportedComponent; // RFC 9421 §2.5: unknown or ill-typed parameter.
            }
        }

        // RFC 9421 §2.3: the signature parameters are the last line in any case, never a covered component.
        if (reader.Failed || isMalformed || name.Content is "@signature-params")
        {
            return SignatureStatus.MalformedSignatureInput;
        }

        if (!TryGetDerived(name.Content, out var derived) || !Fit(derived, flags & ~ComponentFlags.Request) || !Apply(derived, flags, isResponse))
        {
            return SignatureStatus.UnsupportedComponent;
        }

        identifier = new ComponentIdentifier(name.Content, derived, flags, argument);
        return status;
    }

    /// <summary>RFC 9421 §2: equal when name and parameter set are, whatever the order.</summary>
    public bool IsSame(scoped in ComponentIdentifier other) =>
        Flags == other.Flags && Name.SequenceEqual(other.Name) && Argument.SequenceEqual(other.Argument);

    private static bool IsArgument(ComponentFlags flag) => (flag & (ComponentFlags.Key | ComponentFlags.Name)) != 0;

    private static ComponentFlags FlagOf(ReadOnlySpan<char> key) => key switch
    {
        "sf" => ComponentFlags.StrictlySerialized,
        "bs" => ComponentFlags.BinaryWrapped,
        "key" => ComponentFlags.Key,
        "name" => ComponentFlags.Name,
        "req" => ComponentFlags.Request,
        "tr" => ComponentFlags.Trailer,
        _ => ComponentFlags.None,
    };

    // Flag 0 for a field; false for a name that is neither a known derived component nor a field name in lower case.
    private static bool TryGetDerived(ReadOnlySpan<char> name, out DerivedComponents derived)
    {
        derived = DerivedComponents.None;
        if (name.IsEmpty || name[0] != '@')
        {
            return !name.IsEmpty && !name.ContainsAnyExcept(LowerCaseFieldName);
        }

        derived = name switch
        {
            "@method" => DerivedComponents.Method,
            "@authority" => DerivedComponents.Authority,
            "@path" => DerivedComponents.Path,
            "@query" => DerivedComponents.Query,
            "@target-uri" => DerivedComponents.TargetUri,
            "@scheme" => DerivedComponents.Scheme,
            "@request-target" => DerivedComponents.RequestTarget,
            "@query-param" => DerivedComponents.QueryParam,
            "@status" => DerivedComponents.Status,
            _ => DerivedComponents.None,
        };
        return derived != DerivedComponents.None;
    }

    // RFC 9421 §2.2.9 and §2.4: a request has no status, and refers to no other request. All that a response has of its own are
    // its status and its fields.
    private static bool Apply(DerivedComponents derived, ComponentFlags flags, bool isResponse)
    {
        var ofRequest = (flags & ComponentFlags.Request) != 0;
        return derived switch
        {
            DerivedComponents.None => isResponse || !ofRequest,
            DerivedComponents.Status => isResponse && !ofRequest,
            _ => ofRequest == isResponse,
        };
    }

    // RFC 9421 §2.5: a parameter must apply to the component and agree with the others. `tr` belongs to messages whose trailers
    // are at hand, which they are not here.
    private static bool Fit(DerivedComponents derived, ComponentFlags flags) => derived switch
    {
        DerivedComponents.QueryParam => flags == ComponentFlags.Name,
        DerivedComponents.None => flags is ComponentFlags.None or ComponentFlags.StrictlySerialized or ComponentFlags.BinaryWrapped
            or ComponentFlags.Key or (ComponentFlags.Key | ComponentFlags.StrictlySerialized),
        _ => flags == ComponentFlags.None,
    };
}
