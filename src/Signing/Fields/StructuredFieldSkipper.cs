namespace Signing;

/// <summary>RFC 9651 §4.2. Reads past what nobody asked for, as strictly as what somebody did.</summary>
internal static class StructuredFieldSkipper
{
    /// <summary>Reads past an Inner List or an Item, with its parameters.</summary>
    public static void SkipValue(ref StructuredFieldReader reader)
    {
        if (reader.TryReadInnerListStart())
        {
            SkipInnerList(ref reader);
            return;
        }

        reader.TryReadBareItem(out _);
        SkipParameters(ref reader);
    }

    /// <summary>Reads past the items of an Inner List that are left, and its parameters.</summary>
    public static void SkipInnerList(ref StructuredFieldReader reader)
    {
        while (reader.TryReadInnerItem(out _))
        {
            SkipParameters(ref reader);
        }

        SkipParameters(ref reader);
    }

    /// <summary>Reads past the parameters of a value in one of our own fields.</summary>
    /// <returns><see langword="true"/>; <see langword="false"/> if one stands there twice, or there are too many to tell.</returns>
    public static bool SkipDistinctParameters(ref StructuredFieldReader reader, ReadOnlySpan<char> text)
    {
        var keys = new KeySet(text, stackalloc int[SignatureLimits.MaxParameters]);
        var distinct = true;
        while (reader.TryReadParameter(out var key, out _))
        {
            distinct &= keys.TryAdd(key);
        }

        return distinct;
    }

    /// <summary>Reads past the parameters that are left.</summary>
    public static void SkipParameters(ref StructuredFieldReader reader)
    {
        while (reader.TryReadParameter(out _, out _))
        {
        }
    }
}
