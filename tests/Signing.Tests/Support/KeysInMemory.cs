using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Signing.Tests.Support;

/// <summary>Keeps a host's data protection keys to itself: the default is a folder that all programs of the user share.</summary>
internal sealed class KeysInMemory : IXmlRepository
{
    private readonly List<XElement> _elements = [];

    public IReadOnlyCollection<XElement> GetAllElements() => [.. _elements];

    public void StoreElement(XElement element, string friendlyName) => _elements.Add(element);
}
