using System.Numerics;

namespace Signing;

/// <summary>RFC 9421 §3.2.1. Holds what a policy wants covered in a form that costs a bit test each.</summary>
internal sealed class CoverageRules
{
    // Bit 0 of the fields is always Content-Digest, whose coverage decides how the content is checked.
    public const uint ContentDigestBit = 1;

    private const int MaxFields = 32;

    private readonly string[] _fields;
    private readonly DerivedComponents _requiredDerived;
    private readonly uint _requiredFields;
    private readonly uint _fieldsIfPresent;
    private readonly string[] _requiredWithParameters;
    private readonly bool _coverRequestSignature;

    public CoverageRules(IReadOnlyList<string> required, IReadOnlyList<string> ifPresent, MessageKind target = MessageKind.Request, bool coverRequestSignature = false)
    {
        var isResponse = target == MessageKind.Response;
        _coverRequestSignature = coverRequestSignature;
        Target = target;
        var fields = new List<string> { "content-digest" };
        var withParameters = new List<string>();
        foreach (var component in required)
        {
            var text = ComponentText.Serialize(component);
            var identifier = ComponentText.Parse(text, isResponse);
            _requiredDerived |= identifier.Coverage;
            _requiredFields |= identifier.IsPlainField ? BitOf(fields, identifier.Name.ToString()) : 0;
            if (identifier.Flags != ComponentFlags.None && identifier.Coverage == DerivedComponents.None)
            {
                withParameters.Add(text);
            }
        }

        foreach (var name in ifPresent)
        {
            if (!ComponentText.IsFieldName(name, isResponse))
            {
                throw new ArgumentException($"\"{name}\" is not a field name in lower case; only fields can be covered if present.", nameof(ifPresent));
            }

            _fieldsIfPresent |= BitOf(fields, name);
        }

        _fields = [.. fields];
        _requiredWithParameters = [.. withParameters];
    }

    public MessageKind Target { get; }

    public uint BitOf(ReadOnlySpan<char> field)
    {
        for (var i = 0; i < _fields.Length; i++)
        {
            if (field.SequenceEqual(_fields[i]))
            {
                return 1u << i;
            }
        }

        return 0;
    }

    /// <summary>Tells whether a signature covers all that is asked for.</summary>
    /// <param name="message">The message, asked which fields are present.</param>
    /// <param name="derived">The derived components that are covered, by <see cref="ComponentIdentifier.Coverage"/>.</param>
    /// <param name="fields">The fields covered without parameters, by <see cref="BitOf(ReadOnlySpan{char})"/>.</param>
    /// <param name="list">The covered components as received, valid.</param>
    public bool AreMet<T>(in T message, DerivedComponents derived, uint fields, ReadOnlySpan<char> list)
        where T : ISignableMessage
    {
        // RFC 9421 §2.2.2: the target URI is scheme, authority, path and query in one.
        if ((derived & OfTarget<T>(DerivedComponents.TargetUri)) != 0)
        {
            derived |= OfTarget<T>(DerivedComponents.Scheme | DerivedComponents.Authority | DerivedComponents.Path | DerivedComponents.Query);
        }

        // RFC 9112 §3.2.4: of `*` only the request target tells that it is not `/`.
        if (RequestTarget.IsPathless(message.RequestTarget) && (derived & OfTarget<T>(DerivedComponents.RequestTarget)) == 0)
        {
            return false;
        }

        if (T.IsResponse && _coverRequestSignature && !message.RequestLabel.IsEmpty && !RequestSignature.IsCovered(list, message.RequestLabel))
        {
            return false;
        }

        if ((_requiredDerived & ~derived) != 0 || (_requiredFields & ~fields) != 0)
        {
            return false;
        }

        for (var open = _fieldsIfPresent & ~fields; open != 0; open &= open - 1)
        {
            if (FieldLines.Count(message, _fields[BitOperations.TrailingZeroCount(open)]) > 0)
            {
                return false;
            }
        }

        foreach (var required in _requiredWithParameters)
        {
            if (!CoveredComponents.Contain(list, T.IsResponse, ComponentText.Parse(required, T.IsResponse)))
            {
                return false;
            }
        }

        return true;
    }

    // What a message says about a target: a request about its own, a response about that of the request.
    private static DerivedComponents OfTarget<T>(DerivedComponents derived)
        where T : ISignableMessage =>
        T.IsResponse ? (DerivedComponents)((int)derived << ComponentIdentifier.RequestShift) : derived;

    private static uint BitOf(List<string> fields, string name)
    {
        if (!fields.Contains(name))
        {
            fields.Add(name);
        }

        if (fields.Count > MaxFields)
        {
            throw new ArgumentException($"A policy names more than {MaxFields} fields.", nameof(name));
        }

        return 1u << fields.IndexOf(name);
    }
}
