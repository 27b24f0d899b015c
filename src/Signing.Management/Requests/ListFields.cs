namespace Signing.Management;

/// <summary>What a list can be asked for beside the workspace; another filter is refused, for without its effect more would be shown than was wanted.</summary>
internal enum ListFields
{
    /// <summary>Nothing: it is no list.</summary>
    None = 0,

    /// <summary>A text, and a page: what every list can be asked for.</summary>
    Usual,

    /// <summary>That, and the application.</summary>
    Application,

    /// <summary>That, the parent, the kind and the health.</summary>
    Credentials,
}
