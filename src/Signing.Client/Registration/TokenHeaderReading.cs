namespace Signing.Client;

/// <summary>Reads what a section says of the header of a token: <c>Header:Name</c>, <c>Header:Scheme</c> and <c>Header:Origins</c>.</summary>
internal static class TokenHeaderReading
{
    public static void Read(SettingReader settings, TokenHeaderOptions header)
    {
        header.Name = settings["Header:Name"] ?? header.Name;
        header.Scheme = settings["Header:Scheme"] ?? header.Scheme;
        header.Origins = settings.ReadList("Header:Origins") ?? header.Origins;
    }
}
