namespace Signing.Management;

/// <summary>What a list can be asked for beside what every list can; another filter is refused, for without its effect more would be shown than was wanted.</summary>
internal enum ListFields
{
    /// <summary>Nothing.</summary>
    Usual = 0,

    /// <summary>The application.</summary>
    Application,

    /// <summary>The application, the parent, the kind and the health.</summary>
    Credentials,
}
