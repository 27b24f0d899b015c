namespace Signing.Tests.Fuzz;

/// <summary>Writes structured fields as RFC 9651 allows them and a little beyond: odd spaces, numbers at their limits, repeated keys.</summary>
public sealed class StructuredText(Draw draw)
{
    public string Dictionary() => draw.Spaces("") + draw.Repeat(4, () => Key() + (draw.OneIn(4) ? Parameters() : $"={Member()}"), Comma()) + draw.Spaces("");

    public string List() => draw.Spaces("") + draw.Repeat(4, Member, Comma()) + draw.Spaces("");

    public string Item() => draw.Spaces("") + BareItem() + Parameters() + draw.Spaces("");

    public string Garbage() => draw.Repeat(12, () => draw.Character().ToString());

    public string Member() => draw.OneIn(3) ? InnerList() : BareItem() + Parameters();

    public string InnerList() =>
        $"({(draw.OneIn(4) ? draw.Spaces("") : "")}{draw.Repeat(3, () => BareItem() + Parameters(), draw.Spaces(" "))}{(draw.OneIn(4) ? draw.Spaces("") : "")}){Parameters()}";

    public string Parameters() => draw.OneIn(2) ? "" : draw.Repeat(3, () => $";{(draw.OneIn(5) ? draw.Spaces("") : "")}{Key()}{(draw.OneIn(3) ? "" : "=" + BareItem())}");

    public string Key() => draw.Of("a", "b", "c", "*", "a-b_c.d*9", "sf", "key", "u");

    public string BareItem() => draw.Below(10) switch
    {
        0 => Number(),
        1 => $"{Number()}.{draw.Of("0", "5", "50", "500", "125", "000", "1234", "")}",
        2 or 3 => $"\"{draw.Repeat(4, () => draw.Of("a", " ", "\\\"", "\\\\", "~", "(", ",", ";", "é", "\t", "\\n"))}\"",
        4 => draw.Of("tok", "*", "a/b:c", "A!#$%&'*+-.^_`|~", "T", "a\"b"),
        5 or 6 => $":{Base64()}:",
        7 => draw.Of("?1", "?0", "?2", "?", "?1"),
        8 => $"@{Number()}{draw.Of("", "", "", ".5")}",
        _ => $"%\"{draw.Repeat(4, () => draw.Of("a", " ", "%c3%bc", "%25", "%22", "%ff", "%C3", "%e2%82%ac", "%f0%9f%98%80", "%ed%a0%80", "%c0%af", "%7f", "%00", "%41", "%4", "'"))}\"",
    };

    private string Comma() => draw.Spaces("") + "," + draw.Spaces(" ");

    private string Number() => draw.Of("", "", "", "-") + draw.Of("0", "1", "7", "00", "007", "42", "123456789012", "1234567890123", "999999999999999", "000000000000001", "1000000000000000", "");

    private string Base64() => draw.Repeat(3, () => draw.Of("AQID", "YQ", "Zm9v", "+/+/")) + draw.Of("", "", "AQ==", "AQ", "AQ=", "AR==", "AQI=", "AQI", "AQJ=", "A", "A===", "=", "-_", " ");
}
